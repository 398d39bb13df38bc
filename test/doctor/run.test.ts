// `npm run doctor` on a real stack: the whole of it as a process, and what it says when engine, stack or settings are not
// as they should be.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctor } from "../../cli/doctor";
import type { Report } from "../../cli/doctor/report";
import { checkBackend, checkPlugins } from "../../cli/doctor/engine";
import { assumedNeeds } from "../../cli/doctor/needs";
import { checkSettings, checkStack } from "../../cli/doctor/stack";
import { collaboratorEnv, startSandbox, type Sandbox } from "../../sandbox";
import { execute, type Ended } from "../helpers/audit";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..");
const before = { ...process.env };

let dir: string;
let sandbox: Sandbox;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "doctor-run-"));
  sandbox = await startSandbox({ dir });
  env = { ...process.env, ...(await collaboratorEnv(dir, "contosso")) };
});
beforeEach(() => {
  process.env = { ...env };
});
afterAll(async () => {
  process.env = before;
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = (args: readonly string[], change: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  const command = ["-r", "ts-node/register/transpile-only", "cli/main.ts", "doctor", ...args];
  return execute(process.execPath, command, { ...env, ...change }, ROOT);
};

test("with governance down no preview is made, and what the components can create is looked at", async () => {
  const { code, stdout } = await run(["--stack", "contosso", "--json"], {
    CLEANROOM_GOVERNANCE_URL: "https://localhost:9",
  });
  const { checks, ...report } = JSON.parse(stdout) as Report;
  expect(report).toEqual({ version: 1, stack: "contosso", resourcesFrom: "components" });
  const wrong = checks.filter(({ result }) => result !== "ok").map(({ area, what, result }) => [area, what, result]);
  expect(wrong).toEqual([
    ["stack", "preview", "unchecked"],
    ["clean room", "governance", "problem"],
    ["clean room", "membership, clean room policy, issuer", "unchecked"],
    ["Azure", "names", "unchecked"],
    ["AWS", "names", "unchecked"],
  ]);
  expect(checks.every(({ result, remedy }) => (remedy === null) === (result === "ok"))).toBe(true);
  expect(code).toBe(1);
});

test.each([
  [[], "--stack is missing: name the stack."],
  [["--stack", "dev", "--fix"], "Unknown option '--fix'"],
])("fails for the arguments %j", async (args, message) => {
  await expect(doctor(args)).rejects.toThrow(message);
});

test("fails for a stack that there is not, and names the command that makes it", async () => {
  const { found, isThere } = await checkStack("none", ROOT);
  expect(isThere).toBe(false);
  expect(found).toMatchObject([{ what: "stack", result: "problem", remedy: "pulumi stack init none" }]);
});

test("fails for another passphrase than the stack was made with", async () => {
  const set = ["config", "set", "--stack", "contosso", "--secret", "anything", "secret"];
  expect(await execute("pulumi", set, env, ROOT)).toMatchObject({ code: 0 });
  process.env.PULUMI_CONFIG_PASSPHRASE = "another";
  const { found } = await checkStack("contosso", ROOT);
  expect(found).toMatchObject([{ result: "problem", found: expect.stringMatching(/passphrase/i) as string }]);
  expect(found[0]?.remedy).toContain("PULUMI_CONFIG_PASSPHRASE_FILE");
});

test("fails where nobody is signed in to a backend", async () => {
  process.env.PULUMI_BACKEND_URL = "file:///nowhere/at/all";
  const found = await checkBackend(ROOT);
  expect(found).toMatchObject({ what: "state backend", result: "problem" });
  expect(found.remedy).toMatch(/^pulumi login/);
});

test("fails for plugins that are missing and may not be got, and names the command for each", async () => {
  process.env.PULUMI_DEBUG_PROVIDERS = "azure-native:1";
  process.env.PULUMI_HOME = dir;
  const needs = assumedNeeds({ azure: true, aws: true });
  const { version } = JSON.parse(readFileSync(join(ROOT, "node_modules/@pulumi/aws/package.json"), "utf8")) as {
    version: string;
  };
  const [found] = await checkPlugins(needs, ROOT);
  expect(found).toMatchObject({ result: "problem", remedy: `pulumi plugin install resource aws ${version}` });
  delete process.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION;
  expect(await checkPlugins(needs, ROOT)).toMatchObject([
    { result: "ok", found: expect.stringMatching(/first run: aws/) as string },
  ]);
});

describe("settings", () => {
  const complete = {
    "cleanroom:frontendUrl": "https://frontend.example",
    "cleanroom:governanceUrl": "https://governance.example",
    "cleanroom:collaborationId": "7f3c",
  };
  const examined = (config: Readonly<Record<string, string | undefined>>) => {
    process.env = { PATH: env.PATH };
    return checkSettings("cleanroom", "dev", (key) => config[key], ROOT);
  };

  test("that are complete name the file that they are in", () => {
    const found = examined(complete);
    expect(found).toMatchObject([
      { result: "ok", found: `cleanroom: complete (${join(ROOT, "stacks", "Pulumi.dev.yaml")})` },
    ]);
  });

  test.each([
    [
      "both services",
      { "cleanroom:frontendUrl": undefined, "cleanroom:governanceUrl": undefined },
      "problem",
      "frontendUrl",
    ],
    ["the frontend", { "cleanroom:frontendUrl": undefined }, "warning", "frontendUrl"],
    ["governance", { "cleanroom:governanceUrl": undefined }, "warning", "governanceUrl"],
    ["the collaboration", { "cleanroom:collaborationId": undefined }, "problem", "collaborationId"],
  ])("without %s name key, command and file", (_, change, result, key) => {
    const [found] = examined({ ...complete, ...change });
    expect(found?.result).toBe(result);
    expect(found?.found).toContain(`cleanroom:${key}`);
    expect(found?.remedy).toContain(`pulumi config set --stack dev cleanroom:${key} `);
    expect(found?.remedy).toContain(join("stacks", "Pulumi.dev.yaml"));
  });

  test("fail for an address without https", () => {
    const [found] = examined({ ...complete, "cleanroom:frontendUrl": "http://frontend.example" });
    expect(found).toMatchObject({ result: "problem", found: expect.stringMatching(/must be https/) as string });
  });
});
