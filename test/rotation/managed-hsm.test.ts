// Two datasets under one KEK in a Managed HSM, by the real engine: made there under local roles, read by the attested clean
// room, refused to another one, and gone with the stack.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Collaborator } from "../../demo/pulumi";
import { cleanRoomHostData, collaboratorEnv, startSandbox, type Sandbox } from "../../sandbox";

const MINUTES = 60_000;
const PROJECT = join(__dirname, "project");
const STACK = ["--stack", "contosso"];

let dir: string;
let sandbox: Sandbox;
let stack: Collaborator;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-hsm-"));
  sandbox = await startSandbox({ dir, project: PROJECT });
  const KEYS = JSON.stringify({ existingHsmUrl: sandbox.addresses["managed HSM of contosso"] });
  stack = new Collaborator("contosso", { ...(await collaboratorEnv(dir, "contosso")), KEYS }, PROJECT);
  await stack.run(["up", "--yes", "--skip-preview", ...STACK]);
}, 4 * MINUTES);
afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

test(
  "both are read by the clean room, by what the HSM released, and by no other",
  async () => {
    const documents = (await stack.outputs()).underHsm as readonly string[];
    expect(documents).toHaveLength(2);
    for (const id of documents) {
      const { steps } = await sandbox.read(id);
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(steps.find(({ name }) => name === "key release")?.detail).toContain(
        `hsm-kek-3072 of ${sandbox.addresses["managed HSM of contosso"] ?? ""}`,
      );
    }
    // Governance admits a new clean room, whom the HSM does not know.
    const stranger = "4e".repeat(32);
    await sandbox.admin.setPolicy([cleanRoomHostData, stranger]);
    for (const id of documents) {
      const { steps } = await sandbox.read(id, { hostData: stranger });
      expect(steps.find(({ ok }) => !ok)?.name).toBe("key release");
    }
    await sandbox.admin.setPolicy([cleanRoomHostData]);
  },
  2 * MINUTES,
);

test(
  "a second up changes nothing, and a destroy leaves neither key nor role",
  async () => {
    await stack.run(["up", "--yes", "--skip-preview", "--expect-no-changes", ...STACK]);
    const { output } = await stack.run(["destroy", "--yes", "--skip-preview", ...STACK]);
    expect(output).toContain("Key 'hsm-kek-3072' is deleted; the HSM keeps it for a while");
    const { deployment } = JSON.parse((await stack.run(["stack", "export", ...STACK])).output) as {
      deployment: { resources?: unknown[] };
    };
    expect(deployment.resources ?? []).toEqual([]);
  },
  3 * MINUTES,
);
