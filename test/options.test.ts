// What the engine makes of options, for every component and every resource of ours at once: a child that an option does
// not reach is named.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Collaborator, PulumiError } from "../demo/pulumi";
import { collaboratorEnv, startSandbox, type Sandbox } from "../sandbox";

const LONG = 3 * 60_000;
const PROJECT = join(__dirname, "components", "options-project");
const STACK = ["--stack", "contosso"];
const UPLOAD = "command:local:Command";

let dir: string;
let sandbox: Sandbox;
let env: Record<string, string>;

/** The stack's own CLI, for a program whose resources all have the options of that name. */
const using = (variant: string): Collaborator => new Collaborator("contosso", { ...env, VARIANT: variant }, PROJECT);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-options-"));
  sandbox = await startSandbox({ dir, project: PROJECT });
  env = await collaboratorEnv(dir, "contosso");
  await using("protected").run(["up", "--yes", "--skip-preview", ...STACK]);
}, LONG);

afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What is in the state and of our making: neither the stack, nor providers, nor the program's own resource group. */
async function ours(): Promise<readonly Resource[]> {
  const { output } = await using("protected").run(["stack", "export", ...STACK]);
  const { deployment } = JSON.parse(output) as { deployment: { resources?: readonly Resource[] } };
  return (deployment.resources ?? []).filter(({ type }) => !/^pulumi:|:ResourceGroup$/.test(type));
}

async function preview(variant: string): Promise<{ steps: readonly string[]; shown: readonly string[] }> {
  const { output } = await using(variant).run(["preview", "--json", ...STACK]);
  const { steps, diagnostics = [] } = JSON.parse(output.slice(output.indexOf("{"))) as {
    steps: readonly { op: string; urn: string }[];
    diagnostics?: readonly { message: string }[];
  };
  return {
    steps: steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`),
    shown: diagnostics.flatMap(({ message }) => [...message.matchAll(/^shown: (.*)$/gm)].map(([, one = ""]) => one)),
  };
}

const named = ({ urn, type }: Resource): string => `${type} ${urn.split("::").at(-1) ?? ""}`;

test(
  "protect holds for everything but uploads, which would bring up nothing new",
  async () => {
    const resources = await ours();
    expect(resources.filter(({ protect }) => protect !== true).map(({ type }) => type)).toEqual([UPLOAD, UPLOAD]);
    const destroyed = using("protected").run(["destroy", "--yes", "--skip-preview", ...STACK]);
    await expect(destroyed).rejects.toThrow(PulumiError);
    const stay = resources.filter(({ type }) => type !== UPLOAD).map(named);
    expect((await ours()).map(named)).toEqual(expect.arrayContaining(stay));
  },
  LONG,
);

test(
  "retainOnDelete holds for everything; ignoreChanges and additionalSecretOutputs for one resource, by a transform for a child",
  async () => {
    await using("retained").run(["up", "--yes", "--skip-preview", ...STACK]);
    const resources = await ours();
    expect(resources.filter(({ retainOnDelete }) => retainOnDelete !== true).map(named)).toEqual([]);
    const approval = resources.find(({ type }) => type.endsWith(":QueryApproval"));
    expect(approval?.inputs?.decision).toBe("accept");
    expect(approval?.outputs?.reason).toMatchObject({ ciphertext: expect.any(String) as string });
    const ignoring = resources.filter(({ ignoreChanges }) => ignoreChanges?.includes("tags"));
    expect(ignoring.map(named)).toEqual(["azure-native:storage:StorageAccount azuresales"]);
  },
  LONG,
);

test("what is derived from a secret is ciphertext in the state, under whatever key it stands", async () => {
  const { output } = await using("retained").run(["stack", "export", ...STACK]);
  expect(output).not.toContain("canary-value");
  const secret = (await ours()).find(({ urn }) => urn.endsWith("::secret"));
  for (const key of ["value", "salt"]) {
    expect(secret?.outputs?.[key]).toMatchObject({ ciphertext: expect.any(String) as string });
  }
});

test(
  "aliases lead from an earlier name to every child that there was, however its name is made",
  async () => {
    const { steps } = await preview("renamed");
    expect(steps.filter((step) => /^(create|delete) /.test(step))).toEqual([]);
    // What has the name in the cloud, too, is made anew.
    expect(steps).toContain(
      "replace cleanroom:azure:AzureDataset$pulumi-nodejs:dynamic/cleanroom:DatasetDocument Azure.Sales_2",
    );
  },
  LONG,
);

test(
  "aliases lead from an earlier parent to every child, and transforms are shown every child",
  async () => {
    const resources = await ours();
    const { steps, shown } = await preview("moved");
    expect(steps.filter((step) => !/^(same|update) /.test(step))).toEqual(["create test:index:Wrapper wrapper"]);
    expect([...shown].sort()).toEqual(resources.map(named).sort());
  },
  LONG,
);

test(
  "what is retained is left as it was: a clean room reads the dataset after the stack is gone",
  async () => {
    const { dataset } = await using("retained").outputs();
    await using("retained").run(["destroy", "--yes", "--skip-preview", ...STACK]);
    expect((await ours()).map(named)).toEqual([]);
    const { steps } = await sandbox.read(String(dataset));
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  },
  LONG,
);
