// `npm run audit` on a real stack and real services: what it lists, its exit code, and that it changes and tells nothing
// it should not.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../cli/audit/report";
import { toApplication } from "../../provider/model/query";
import { searchPath } from "../../sandbox/env";
import { audit as runAudit, execute, type Ended } from "../helpers/audit";
import { oid, startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..");
const CONNECTION = "canary-of-the-connection";

let room: TestRoom;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  room = await startTestRoom();
  // As deep below this project as the program itself, whose imports it copies.
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "audit-"));
  cpSync(join(__dirname, "program"), join(folder, "program"), { recursive: true });
  mkdirSync(join(folder, "state"));
  env = {
    ...process.env,
    PATH: searchPath(process.env),
    NODE_EXTRA_CA_CERTS: room.services.home.path("ca.pem"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "for tests only",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  delete env.PULUMI_OPTION_CONFIG_FILE;
  await pulumi("stack", "init", "dev");
  const { "cleanroom:token": token = "", ...config } = await room.config("contosso");
  const settings = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  const secrets = ["--secret", `cleanroom:token=${token}`, "--secret", `connection=${CONNECTION}`];
  await pulumi("config", "set-all", "--stack", "dev", ...settings, ...secrets);
  await pulumi("up", "--stack", "dev", "--yes", "--skip-preview");
  await pulumi("stack", "init", "empty");
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await room.end();
});

async function pulumi(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await execute(
    "pulumi",
    [...args, "--non-interactive"],
    env,
    join(folder, "program"),
  );
  if (code !== 0) throw new Error(`pulumi ${args[0]} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

const audit = (...args: string[]): Promise<Ended> => runAudit(["--cwd", join(folder, "program"), ...args], env);

const exported = (): Promise<string> => pulumi("stack", "export", "--stack", "dev");

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources: unknown[]; pending_operations?: unknown[] } };
}

let sales: string;
let orphan: string;

/** Everything that an audit should notice: done by others, by us elsewhere, and by a run that was killed. */
async function happen(): Promise<void> {
  const ids = (await room.govern("contosso", "GET", "/userdocuments?labelSelector=type:dataset")).body as {
    value: { id: string }[];
  };
  sales = ids.value[0]?.id ?? "";
  await room.govern("contosso", "POST", `/userdocuments/${sales}/runtimeoptions/execution/disable`);
  const contosso = await room.provider("contosso");
  orphan = (await contosso.kind("DatasetDocument").create(azureDataset("elsewhere"))).id;
  await room.govern("contosso", "PUT", "/contracts/analytics/secrets/old", { value: "old" });
  const approvers = [{ approverId: oid("fabrikam"), approverIdType: "user" }];
  const query = (documentId: string): object => {
    const views = { inputs: [{ documentId: sales, view: "sales" }], output: { documentId: orphan, view: "out" } };
    const data = JSON.stringify(toApplication(documentId, { segments: [{ sequence: 1, sql: "SELECT 1" }], ...views }));
    return { contractId: "analytics", data, labels: { type: "spark-application" }, approvers };
  };
  await room.govern("fabrikam", "PUT", "/userdocuments/some-draft", query("some-draft"));
  const { body } = await room.govern("fabrikam", "POST", "/users/proposals/create", {
    name: "set_user_document",
    args: { documentId: "fabrikam-query", document: { version: "1.1", ...query("fabrikam-query") } },
    approvers,
  });
  const { proposalId } = body as { proposalId: string };
  await room.govern("fabrikam", "POST", `/users/proposals/${proposalId}/ballots/vote_accept`);

  // `pulumi stack import` would leave it out: what a killed run leaves is written where it leaves it.
  const file = join(folder, "state", ".pulumi", "stacks", "audit-trial", "dev.json");
  const state = JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  const { latest } = state.checkpoint;
  latest.pending_operations = [{ resource: latest.resources.at(-1), type: "updating" }];
  writeFileSync(file, JSON.stringify(state));
}

test("a stack that was just brought up has nothing but what it waits for", async () => {
  const { code, stdout, stderr } = await audit("--stack", "dev");
  expect(stderr).toBe("");
  const since = /since (\S+Z)\n/.exec(stdout)?.[1] ?? "";
  expect(Math.abs(Date.now() - Date.parse(since))).toBeLessThan(60_000);
  expect(stdout).toBe(`Compared dev with contract analytics of ${room.services.governance.url}, as ${oid("contosso")}.
1 finding:

  KIND     DOCUMENT        STACK  RESOURCE
  waiting  fabrikam-query  dev    vote
      the query does not exist yet, since ${since}
      → once that is done: pulumi up --stack dev
`);
  expect(code).toBe(1);
  const rest = await audit("--stack", "dev", "--ignore", "waiting");
  expect(rest.stdout).toContain("Nothing found: dev and governance agree.");
  expect(rest.code).toBe(0);
});

test("lists what happened outside, changes nothing, and tells no secret", async () => {
  await happen();
  const before = await exported();
  room.writes();
  const { code, stdout, stderr } = await audit("--json", "--stack", "dev", "--stack", "empty", "--config-from", "dev");
  expect(stderr).toBe("");
  expect(code).toBe(1);
  expect(room.writes()).toEqual([]);
  expect(await exported()).toBe(before);

  const { findings, ...report } = JSON.parse(stdout) as Report;
  expect(report).toEqual({
    version: 1,
    stacks: ["dev", "empty"],
    governance: [
      {
        url: room.services.governance.url,
        contractId: "analytics",
        caller: oid("contosso"),
        stacks: ["dev", "empty"],
      },
    ],
  });
  expect(findings.map(({ kind, document, stack }) => [kind, document, stack])).toEqual([
    ["forged", "fabrikam-query", "dev"],
    ["drift", sales, "dev"],
    ["pending", null, "dev"],
    ["orphan", orphan, null],
    ["orphan-secret", `${oid("contosso")}_old`, null],
    ["draft", "some-draft", null],
    ["waiting", "fabrikam-query", "dev"],
  ]);
  expect(findings.find(({ kind }) => kind === "drift")).toMatchObject({
    resource: "urn:pulumi:dev::audit-trial::pulumi-nodejs:dynamic/cleanroom:DatasetDocument::sales",
    found: "our consent to its use is disabled: no query can use it",
  });

  const text = await audit("--stack", "dev");
  const token = (await pulumi("config", "get", "--stack", "dev", "cleanroom:token")).trim();
  for (const secret of [token, CONNECTION, Buffer.from(CONNECTION).toString("base64")]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(`${stdout}${text.stdout}${text.stderr}`).not.toContain(secret);
  }
});

test.each([
  ["a stack that there is not", ["--stack", "none"], "no stack named 'none' found"],
  ["no stack at all", [], "--stack is missing: name the stack, or several of one collaborator."],
  ["a kind that there is not", ["--stack", "dev", "--ignore", "drifts"], "--ignore drifts: there is no such kind"],
  ["an option that there is not", ["--stack", "dev", "--fix"], "Unknown option '--fix'"],
  ["a stack without settings", ["--stack", "empty"], "No service is set."],
])("fails with exit code 2 for %s", async (_what, args, message) => {
  const { code, stdout, stderr } = await audit(...args);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});
