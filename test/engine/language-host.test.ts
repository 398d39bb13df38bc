/** The language host under the real engine: every command of the CLI, policy packs, plugins, failures, and clean endings. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Ended, HostProject } from "./host-project";

jest.setTimeout(60_000);

const STANDS_IN = /Node\.js language host \S+ of pulumi-cleanroom .* in place of Pulumi's own/;

let project: HostProject;
beforeAll(() => {
  project = new HostProject();
});
afterAll(() => project.dispose());

test("a stack lives from preview to destroy", async () => {
  await project.stack("life", { value: "a" });
  const preview = await project.succeed(["preview", "--stack", "life", "--diff"]);
  expect(preview).toMatch(/\+ pulumi-nodejs:dynamic:Resource: \(create\)[\s\S]*value\s*: "a"/);

  const up = await project.succeed(["up", "--stack", "life", "--yes", "--skip-preview"]);
  expect(up).toContain("the program runs for organization/host-trial/life");
  expect(up).toMatch(/value\s*: "a"/);

  await project.succeed(["up", "--stack", "life", "--yes", "--skip-preview", "--expect-no-changes"]);
  await project.succeed(["refresh", "--stack", "life", "--yes", "--skip-preview", "--expect-no-changes"]);

  project.set("life", { value: "b" });
  const change = await project.succeed(["preview", "--stack", "life", "--diff"]);
  expect(change).toMatch(/value: "a" => "b"/);
  expect(change).not.toMatch(STANDS_IN);

  expect(await project.succeed(["destroy", "--stack", "life", "--yes", "--skip-preview"])).toMatch(/- 2 deleted/);
});

test("--json prints JSON and nothing else", async () => {
  await project.stack("json", { value: "a" });
  const plan = JSON.parse(await project.succeed(["preview", "--stack", "json", "--json"])) as {
    steps: { op: string; urn: string }[];
  };
  expect(plan.steps.map((step) => `${step.op} ${step.urn.split("::").at(-1)}`)).toEqual([
    "create host-trial-json",
    "create noted",
  ]);
});

test("secret configuration stays secret in the outputs", async () => {
  await project.stack("secret", { value: "a" });
  await project.succeed(["config", "set", "--stack", "secret", "--secret", "secret", "hidden text"]);
  const output = await project.succeed(["up", "--stack", "secret", "--yes", "--skip-preview"]);
  expect(output).toMatch(/secret\s*: \[secret\]/);
  expect(output).not.toContain("hidden text");
});

test("a policy pack in TypeScript knows stack, project and configuration, and what it refuses is not done", async () => {
  await project.stack("policy", { value: "bad" });
  const refused = await project.run([
    "up",
    "--stack",
    "policy",
    "--yes",
    "--skip-preview",
    "--policy-pack",
    "../policy",
  ]);
  expect(refused.stdout).toContain("pack of host-trial/policy, value bad");
  expect(refused.code).not.toBe(0);
  project.set("policy", { value: "good" });
  expect(await project.succeed(["preview", "--stack", "policy", "--policy-pack", "../policy"])).toContain(
    "host-policy@v1.0.0",
  );
});

test("a policy pack that starts at once, by itself, knows the stack's configuration and judges what is planned", async () => {
  await project.stack("at-once", { value: "good" });
  const exceptions = [{ rule: "no-such-rule", resource: "none", reason: "for this test", expires: "2020-01-31" }];
  await project.succeed(
    ["config", "set", "--stack", "at-once"].concat("cleanroom-policy:exceptions", JSON.stringify(exceptions)),
  );
  const pack = path.resolve(__dirname, "../../policy");
  const { code, stdout } = await project.run(["preview", "--stack", "at-once", "--policy-pack", pack]);
  expect(code).not.toBe(0);
  expect(stdout).toContain("exceptions[0] is for 'no-such-rule', which is no rule that allows exceptions");
}, 60_000);

test("fails with the reason when a policy pack does not start", async () => {
  const pack = project.file("broken-policy");
  mkdirSync(pack);
  writeFileSync(path.join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(path.join(pack, "package.json"), `{ "name": "broken", "version": "1.0.0", "main": "index.js" }`);
  writeFileSync(path.join(pack, "index.js"), `throw new Error("the pack is broken");`);
  await project.stack("broken", { value: "a" });
  const { code, stdout, stderr } = await project.run(["preview", "--stack", "broken", "--policy-pack", pack]);
  expect(stdout).toContain("the pack is broken");
  expect(stderr).toContain("the policy pack ended with exit code");
  expect(code).not.toBe(0);
});

test("a provider plugin in TypeScript creates, is imported from, and deletes", async () => {
  await project.stack("plugin", { value: "a", filed: "some text" });
  await project.succeed(["up", "--stack", "plugin", "--yes", "--skip-preview"]);
  expect(readFileSync(project.file("filed", "created"), "utf8")).toBe("some text");
  await project.succeed(["destroy", "--stack", "plugin", "--yes", "--skip-preview"]);
  expect(existsSync(project.file("filed", "created"))).toBe(false);

  writeFileSync(project.file("filed", "found"), "found text");
  project.set("plugin", { filed: "found text", importId: project.file("filed", "found") });
  expect(await project.succeed(["up", "--stack", "plugin", "--yes", "--skip-preview"])).toMatch(/= 1 imported/);
});

test("pulumi import takes over a resource of the plugin", async () => {
  await project.stack("import", { value: "a" });
  mkdirSync(project.file("filed"), { recursive: true });
  writeFileSync(project.file("filed", "by-command"), "some text");
  const args = ["filed:index:Filed", "taken", project.file("filed", "by-command")];
  const output = await project.succeed(["import", "--stack", "import", "--yes", "--generate-code=false", ...args]);
  expect(output).toMatch(/= 1 imported/);
});

test("fails with the program's error, once, when the program throws", async () => {
  await project.stack("throws", { value: "a", end: "throws" });
  const { code, stdout } = await project.run(["up", "--stack", "throws", "--yes", "--skip-preview"]);
  const diagnostics = stdout.slice(stdout.indexOf("Diagnostics:"));
  expect(diagnostics.match(/asked to throw/g)).toHaveLength(1);
  expect(code).not.toBe(0);
});

test("fails with the exit code of a program that ends by itself", async () => {
  await project.stack("exits", { value: "a", end: "exits" });
  const { code, stdout, stderr } = await project.run(["preview", "--stack", "exits"]);
  expect(stdout + stderr).toContain("the program ended with exit code 3");
  expect(code).not.toBe(0);
});

test("fails with the provider's own words when an input is refused", async () => {
  await project.stack("refused", { value: "refused" });
  const { code, stdout } = await project.run(["preview", "--stack", "refused"]);
  expect(stdout).toContain("is refused");
  expect(code).not.toBe(0);
});

test.each(["SIGINT", "SIGKILL"] as const)("no process is left behind when the engine gets %s", async (signal) => {
  const pidFile = project.file(`${signal}.pid`);
  await project.stack(signal.toLowerCase(), { value: "a", end: "hangs", pidFile });
  const run = project.start(["up", "--stack", signal.toLowerCase(), "--yes", "--skip-preview"]);
  await eventually(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
  run.child.kill(signal);
  const { code } = await run.ended;
  expect(code).not.toBe(0);
  await eventually(() => !isRunning(Number(readFileSync(pidFile, "utf8"))));
});

test("it says at --verbose that it stands in for Pulumi's own host", async () => {
  await project.stack("verbose", { value: "a" });
  expect(await project.succeed(["preview", "--stack", "verbose", "--verbose=1", "--logflow"])).toMatch(STANDS_IN);
});

test("pulumi about names Node.js and the program's packages", async () => {
  const about = await project.succeed(["about"]);
  expect(about).toMatch(/written in nodejs: executable='.*node' version='v\d+/);
  expect(about).toMatch(/language\s+nodejs/);
});

test("fails for a program without @pulumi/pulumi, and says what to do", async () => {
  const empty = mkdtempSync(path.join(tmpdir(), "no-sdk-"));
  const { code, stderr } = await runHost(empty, ["127.0.0.1:1"]);
  // The project's own folder is looked in as well, so the copy stands apart from it.
  expect(stderr).toContain(`@pulumi/pulumi is not installed: looked in ${empty}`);
  expect(stderr).toContain("Run `npm install` in the program's folder.");
  expect(code).toBe(1);
  rmSync(empty, { recursive: true });
});

/** The host from a folder that no node_modules is above. */
function runHost(folder: string, args: readonly string[]): Promise<Pick<Ended, "code" | "stderr">> {
  const copy = path.join(folder, "host");
  cpSync(path.resolve(__dirname, "../../engine/language-host"), copy, { recursive: true });
  const child = spawn(process.execPath, [path.join(copy, "main.js"), ...args], { cwd: folder });
  let stderr = "";
  child.stderr.on("data", (data) => (stderr += String(data)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}

async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`not so after 20 s: ${condition.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
