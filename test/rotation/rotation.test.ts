// Keys and policies that change by the real engine, and are read by the clean room: a new clean room beside the old one,
// a new KEK, a new DEK; interrupted, and finished by the next run. The old document is refused afterwards, and never
// before there is a new one.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Collaborator, PulumiError } from "../../demo/pulumi";
import { cleanRoomHostData, collaboratorEnv, startSandbox, type FaultRule, type Sandbox } from "../../sandbox";
import { account } from "../helpers/account";
import { NIGHTLY } from "../helpers/seed";

const MINUTES = 60_000;
const PROJECT = join(__dirname, "project");
const STACK = ["--stack", "contosso"];
const NEW_HOST_DATA = "4e".repeat(32);

type Keys = Readonly<Record<string, unknown>>;

let dir: string;
let sandbox: Sandbox;
let env: Record<string, string>;

const using = (keys: Keys): Collaborator => {
  // Without governance the frontend alone is asked, which names the newest clean room only.
  const { CLEANROOM_GOVERNANCE_URL: _governance, ...withoutGovernance } = env;
  return new Collaborator("contosso", { ...withoutGovernance, KEYS: JSON.stringify(keys) }, PROJECT);
};
const up = async (keys: Keys, ...args: readonly string[]): Promise<string> =>
  (await using(keys).run(["up", "--yes", "--skip-preview", ...STACK, ...args])).output;
const preview = async (keys: Keys): Promise<string> => (await using(keys).run(["preview", ...STACK])).output;
const document = async (): Promise<string> => String((await using({}).outputs()).dataset);

/** The first step at which the clean room is refused; nothing when it reads the data. */
async function refusedAt(documentId: string, hostData?: string): Promise<string | undefined> {
  return (await sandbox.read(documentId, { hostData })).steps.find(({ ok }) => !ok)?.name;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-rotation-"));
  sandbox = await startSandbox({ dir, project: PROJECT });
  env = await collaboratorEnv(dir, "contosso");
  await up({});
}, 3 * MINUTES);
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Breaks an `up` off at its n-th request that matches, and answers what came of it. */
type Interruption = (keys: Keys, rule: Partial<FaultRule>) => Promise<void>;

const refusal = { status: 400, text: '{"error":{"code":"BadParameter","message":"a fault of the test"}}' };

const refused =
  (afterCommit: boolean): Interruption =>
  async (keys, rule) => {
    sandbox.faults.add({ kind: "answer", answer: { ...refusal, afterCommit }, ...rule });
    await up(keys).catch((error: unknown) => {
      if (!(error instanceof PulumiError)) throw error;
    });
  };

const killed: Interruption = async (keys, rule) => {
  const { env: variables } = using(keys);
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...STACK];
  const engine = spawn("pulumi", args, { cwd: PROJECT, env: { ...process.env, ...variables }, stdio: "ignore" });
  const ended = new Promise((resolve) => engine.once("exit", resolve));
  sandbox.faults.add({ kind: "lose-answer", ...rule }, () => engine.kill("SIGKILL"));
  await ended;
  await using(keys).run(["cancel", "--yes", ...STACK]);
};

interface Resource {
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** All resources of a type in the state. */
async function resourcesOf(wanted: string): Promise<readonly Resource[]> {
  const { output } = await using({}).run(["stack", "export", ...STACK]);
  const { deployment } = JSON.parse(output) as { deployment: { resources: readonly Resource[] } };
  return deployment.resources.filter(({ type }) => type === wanted);
}

const idsOf = async (wanted: string): Promise<readonly string[]> =>
  (await resourcesOf(wanted)).map(({ id = "" }) => id);

/** Another one for each time that the data was brought up. */
const uploadId = async (): Promise<string | undefined> => (await idsOf("command:local:Command"))[0];

/** Whether any document of the dataset is in use, whatever its keys are. */
async function isReadable(): Promise<boolean> {
  const ledger = (await sandbox.admin.ledger()) as readonly { readonly change: { kind: string; id?: string } }[];
  const documents = ledger.filter(({ change: { kind, id } }) => kind === "document" && id?.startsWith("sales-"));
  const ids = new Set(documents.map(({ change }) => change.id));
  const steps = await Promise.all([...ids].map((id) => refusedAt(id ?? "")));
  return steps.some((step) => step !== "document" && step !== "consent");
}

/** Rotates, interrupted on the way; what does not hold in the end, or nothing. */
async function rotate(keys: Keys, interrupt: Interruption, rule: Partial<FaultRule>): Promise<readonly string[]> {
  const old = await document();
  const problems: string[] = [];
  const check = (holds: boolean, problem: string): void => void (holds || problems.push(problem));
  await interrupt(keys, rule);
  sandbox.faults.clear();
  check(await isReadable(), "the old document is given up, and there is no new one");
  await up(keys);
  const now = await document();
  check(now !== old, "there is no new document");
  check((await refusedAt(now)) === undefined, `the new document is refused at ${(await refusedAt(now)) ?? ""}`);
  check((await refusedAt(old)) === "consent", "the old document is not refused");
  await up(keys, "--expect-no-changes").catch((error: unknown) => problems.push(`a second up: ${String(error)}`));
  return problems;
}

test(
  "a new clean room may have the key beside the old one, and then alone; each preview says so in a sentence",
  async () => {
    const OLD = cleanRoomHostData;
    await sandbox.admin.setPolicy([NEW_HOST_DATA, OLD]);
    const published = await document();
    expect(await refusedAt(published, NEW_HOST_DATA)).toBe("key release");

    const both = { previousPolicies: [OLD] };
    const told = await preview(both);
    expect(told).toContain("Clean room 4e4e4e4e4e4e… may release key 'sales-kek-3072' from now on.");
    expect(told).not.toContain("any longer");
    await up(both);
    expect([await refusedAt(published, OLD), await refusedAt(published, NEW_HOST_DATA)]).toEqual([
      undefined,
      undefined,
    ]);

    expect(await preview({})).toContain(
      `Clean room ${OLD.slice(0, 12)}… may not release key 'sales-kek-3072' any longer.`,
    );
    await up({});
    expect([await refusedAt(published, OLD), await refusedAt(published, NEW_HOST_DATA)]).toEqual([
      "key release",
      undefined,
    ]);
    expect(await document()).toBe(published);
  },
  4 * MINUTES,
);

test(
  "a new KEK that broke off at the new document is finished by the next run: the same data, read by the new document alone",
  async () => {
    const keys = { kekRotation: "v2" };
    const told = await preview(keys);
    expect(told).toContain("Data key 'sales-dek' stays, and is wrapped anew with key 'sales-kek-3072-k-v2'.");
    const before = await uploadId();
    expect(await rotate(keys, refused(false), { path: "/publish" })).toEqual([]);
    expect(await uploadId()).toBe(before);
  },
  4 * MINUTES,
);

test(
  "a new DEK whose engine was killed while the vault took it is finished by the next run: the data is encrypted with it",
  async () => {
    const keys = { kekRotation: "v2", rotation: "v3" };
    const before = await uploadId();
    expect(await rotate(keys, killed, { method: "PUT", path: "/secrets/wrapped-sales-dek-v3" })).toEqual([]);
    expect(await uploadId()).not.toBe(before);
  },
  4 * MINUTES,
);

test(
  "an access key is made, proved and set before the old one is deleted, and an interrupted rotation goes on with it",
  async () => {
    const accessKeys = (): Promise<readonly string[]> => idsOf("aws:iam/accessKey:AccessKey");
    const labels = (accessKeyRotation: string): Keys => ({ kekRotation: "v2", rotation: "v3", accessKeyRotation });
    await up(labels("v1"));
    const { inBucket } = await using({}).outputs();
    const keyInUse = async (): Promise<string> => {
      const { steps } = await sandbox.read(String(inBucket));
      expect(steps.filter(({ ok }) => !ok)).toEqual([]);
      return /AKIA\w+/.exec(steps.find(({ name }) => name === "connection secret")?.detail ?? "")?.[0] ?? "";
    };
    const [first = ""] = await accessKeys();
    expect(await keyInUse()).toBe(first);

    await refused(false)(labels("v2"), { method: "PUT", path: "/secrets/" });
    sandbox.faults.clear();
    const both = await accessKeys();
    expect(both).toHaveLength(2);
    expect(both).toContain(first);
    expect(await keyInUse()).toBe(first);

    await up(labels("v2"));
    const second = both.find((id) => id !== first);
    expect(await accessKeys()).toEqual([second]);
    expect(await keyInUse()).toBe(second);
    expect((await using({}).outputs()).inBucket).toBe(inBucket);
    const [proof] = await resourcesOf("pulumi-nodejs:dynamic/cleanroom:AccessKeyProof");
    const hidden = { ciphertext: expect.any(String) as string };
    for (const properties of [proof?.inputs, proof?.outputs]) {
      expect(properties?.secretAccessKey).toMatchObject(hidden);
    }
    await up(labels("v2"), "--expect-no-changes");
  },
  5 * MINUTES,
);

if (NIGHTLY) {
  test(
    "every rotation that is interrupted at any request is finished by the next run",
    async () => {
      const problems: string[] = [];
      let cells = 0;
      let label = 0;
      const kinds = { "refused before": refused(false), "refused after": refused(true), killed };
      for (const argument of ["kekRotation", "rotation"]) {
        const next = (): Keys => ({ [argument]: `n${(label += 1)}` });
        await up(next());
        const counted = sandbox.faults.add({ kind: "delay", milliseconds: 1, chance: 0 });
        await up(next());
        const requests = sandbox.faults.list().find(({ id }) => id === counted)?.matched ?? 0;
        sandbox.faults.clear();
        expect(requests).toBeGreaterThan(8);
        for (const [name, interrupt] of Object.entries(kinds)) {
          for (let nth = 1; nth <= requests; nth += 1) {
            cells += 1;
            const found = await rotate(next(), interrupt, { nth });
            problems.push(...found.map((problem) => `${argument}, ${name}, request ${nth}: ${problem}`));
          }
        }
      }
      account("interrupted rotations", cells);
      expect(problems).toEqual([]);
    },
    300 * MINUTES,
  );
}
