// The three flows by the real engine, from nothing to the accepted query, where roles, keys and credentials take effect late;
// and what must hold afterwards: quiet second runs, quiet refreshes, clean destroys, and everything again after them. Every
// preview on the way is the one that is kept in test/golden/previews; with UPDATE_GOLDEN=1 those of this run are kept.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Collaborator, type Run } from "../demo/pulumi";
import { Story } from "../demo/print";
import { hasNoChanges } from "../demo/readable";
import { Flows, type Outcome } from "../demo/story";
import { collaborator, collaboratorEnv, startSandbox, type Sandbox } from "../sandbox";
import { audit } from "./helpers/audit";
import { goldenPreviews, keepPreviews, normalised } from "./helpers/golden-previews";

const NAMES = ["contosso", "litware", "fabrikam"] as const;
const MINUTES = 60_000;
/** How many seconds it takes until what the clouds grant can be used. */
const LATE = 3;

let dir: string;
let sandbox: Sandbox;
let stacks: Record<(typeof NAMES)[number], Collaborator>;
let outcome: Outcome;

/** Previews of the first time, by stack and number: `contosso-1`. */
const previews: Record<string, string> = {};

const quiet = (): void => undefined;

/** Empties a bucket, as its account's administrator. */
async function removeAll(env: Readonly<Record<string, string>>, Bucket: string | undefined): Promise<void> {
  const client = new S3Client({
    endpoint: env.AWS_ENDPOINT_URL_S3,
    region: "eu-west-1",
    forcePathStyle: true,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" },
  });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents).not.toEqual([]);
  for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  client.destroy();
}

/** Previews are whole: with all that is shown of every property. */
class Reviewed extends Collaborator {
  override preview(progress: (text: string) => void): Promise<Run> {
    return this.run(["preview", "--diff", "--stack", this.name, "--policy-pack", "policy"], undefined, progress);
  }
}

function play(): Promise<Outcome> {
  // The clean room reads later than its collaborators deploy: by then what they have granted is known everywhere.
  let granted: Promise<void> | undefined;
  const read: ConstructorParameters<typeof Flows>[2] = async (documentId, hostData) => {
    await (granted ??= sleep(LATE * 1000));
    return sandbox.read(documentId, { hostData, rows: 2 });
  };
  return new Flows(new Story(quiet), stacks, read, join(dir, "previews")).play();
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cleanroom-flows-"));
  sandbox = await startSandbox({ dir, eventualSeconds: LATE });
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(dir, "ca.pem"), "utf8")]);
  const open = async (name: string): Promise<Collaborator> => new Reviewed(name, await collaboratorEnv(dir, name));
  stacks = { contosso: await open("contosso"), litware: await open("litware"), fabrikam: await open("fabrikam") };
  outcome = await play();
  for (const file of readdirSync(join(dir, "previews")).sort()) {
    const [, name = ""] = /^\d+-(\w+)-preview\.txt$/.exec(file) ?? [];
    const number = Object.keys(previews).filter((known) => known.startsWith(name)).length + 1;
    if (name !== "") previews[`${name}-${number}`] = normalised(readFileSync(join(dir, "previews", file), "utf8"));
  }
}, 6 * MINUTES);

afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

test("the query ends up accepted by exactly the owners of its datasets", () => {
  const owners = ["contosso", "litware"].map((name) => collaborator(name).userOid).sort();
  expect(outcome.query).toMatchObject({ state: "Accepted", approvers: owners, accepted: owners });
});

test("what the clouds had granted, and not yet everywhere, was waited for", () => {
  const requests = readFileSync(join(dir, "requests.jsonl"), "utf8").trim().split("\n");
  const refused = requests.map((line) => JSON.parse(line) as { service: string; status?: number });
  expect(refused.filter(({ status }) => status === 403).map(({ service }) => service)).toContainEqual(
    expect.stringMatching(/^vault /),
  );
});

test("Litware's amendment is part of what was accepted", () => {
  const part = outcome.query.query.segments.find(({ sequence }) => sequence === 2);
  expect(part?.sql).toBe(readFileSync(join(__dirname, "../stacks/litware/members.sql"), "utf8").trimEnd());
  expect(part?.preConditions).toEqual({ members: 500 });
});

test("every dataset is read by the attested clean room and refused to another", () => {
  expect(outcome.datasets).toHaveLength(3);
  for (const dataset of outcome.datasets) {
    expect(dataset).toMatchObject({ read: true, strangerRefused: true });
  }
});

test.each(NAMES)(
  "a second up of %s changes nothing",
  async (name) => {
    const { output } = await stacks[name].run([
      "up",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
      "--stack",
      name,
    ]);
    expect(output).toMatch(/\d+ unchanged/);
  },
  2 * MINUTES,
);

test.each(NAMES)(
  "refresh, then preview, of %s shows nothing",
  async (name) => {
    await stacks[name].run(["refresh", "--yes", "--skip-preview", "--stack", name]);
    const { output } = await stacks[name].preview(quiet);
    expect(hasNoChanges(output)).toBe(true);
    previews[`${name}-unchanged`] = normalised(output);
  },
  2 * MINUTES,
);

test("every preview is the one that is kept", () => {
  expect(outcome.datasets.every(({ read, strangerRefused }) => read && strangerRefused)).toBe(true);
  expect(Object.keys(previews)).toEqual(expect.arrayContaining(NAMES.map((name) => `${name}-unchanged`)));
  if (process.env.UPDATE_GOLDEN === "1") {
    keepPreviews(previews);
  }
  expect(previews).toEqual(goldenPreviews());
});

test(
  "a file that is lost in its store is told by a preview, and brought up again by what that says",
  async () => {
    const { litware } = stacks;
    const { deployment } = JSON.parse((await litware.run(["stack", "export", "--stack", "litware"])).output) as {
      deployment: { resources: readonly { readonly type: string; readonly id?: string }[] };
    };
    const Bucket = deployment.resources.find(({ type }) => type === "aws:s3/bucket:Bucket")?.id;
    await removeAll(litware.env, Bucket);
    const [members] = outcome.datasets.filter(({ documentId }) => documentId.startsWith("litware-members"));
    expect((await sandbox.read(members?.documentId ?? "")).ok).toBe(false);
    const { output } = await litware.run(["preview", "--stack", "litware"]);
    const [, urn = ""] =
      /is not in its store any more \(https:.*\)\. To bring .*: pulumi up --replace '(.*)'/.exec(output) ?? [];
    await litware.run(["up", "--yes", "--skip-preview", "--replace", urn, "--stack", "litware"]);
    expect((await sandbox.read(members?.documentId ?? "")).ok).toBe(true);
    expect((await litware.run(["preview", "--stack", "litware"])).output).not.toContain("in its store");
  },
  2 * MINUTES,
);

test.each(NAMES)(
  "an audit of %s finds nothing",
  async (name) => {
    const { code, stdout, stderr } = await audit(["--stack", name], { ...process.env, ...stacks[name].env });
    expect(`${stdout}${stderr}`).toMatch(new RegExp(`Nothing found: ${name} and governance agree`));
    expect(code).toBe(0);
  },
  MINUTES,
);

test(
  "no state holds a token, a key or a secret in plain text",
  async () => {
    const encryptionKey = (
      await stacks.litware.run(["config", "get", "encryptionKey", "--stack", "litware"])
    ).output.trim();
    for (const name of NAMES) {
      const { output } = await stacks[name].run(["stack", "export", "--stack", name]);
      for (const secret of [stacks[name].env.CLEANROOM_TOKEN ?? "", encryptionKey]) {
        expect(secret).not.toBe("");
        expect(output.includes(secret)).toBe(false);
      }
      expect(output).not.toMatch(/awsSecretAccessKey/);
    }
  },
  2 * MINUTES,
);

test(
  "after every stack is destroyed, and says what stays, the flows can be played again",
  async () => {
    for (const name of [...NAMES].reverse()) {
      const { output } = await stacks[name].run(["destroy", "--yes", "--skip-preview", "--stack", name]);
      expect(output).toMatch(/stays? in governance/);
      const { deployment } = JSON.parse((await stacks[name].run(["stack", "export", "--stack", name])).output) as {
        deployment: { resources?: unknown[] };
      };
      expect(deployment.resources ?? []).toEqual([]);
    }
    const again = await play();
    expect(again.query.state).toBe("Accepted");
    expect(again.datasets.every(({ read, strangerRefused }) => read && strangerRefused)).toBe(true);
  },
  8 * MINUTES,
);
