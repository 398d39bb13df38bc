/** Packages are installed when, and only when, they are not what the lock file says; whatever interferes is named. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { FakeProject } from "./fake-project";

let project: FakeProject;
beforeEach(() => {
  project = new FakeProject();
  project.write("demo/main.ts", `console.log("demo", ...process.argv.slice(2)); process.exitCode = 7;`);
  project.write("sandbox/main.ts", `console.log(JSON.stringify(process.argv.slice(2)));`);
});
afterEach(() => project.dispose());

const npmCalls = (): string[] => project.read("npm-calls").trim().split("\n");

test("a fresh clone installs its packages, tells so on standard error, and runs the command", async () => {
  const { code, stdout, stderr } = await project.run(["sandbox", "--detach"]);
  expect(stderr).toMatch(/Installing packages: \d+ of \d+, 0 s/);
  expect(stdout).toBe(`["start","--detach"]\n`);
  expect(code).toBe(0);
});

test("what is installed is left alone, without a word", async () => {
  await project.run(["sandbox"]);
  const { stderr } = await project.run(["sandbox"]);
  expect(stderr).toBe("");
  expect(npmCalls()).toHaveLength(1);
});

test("a changed lock file is installed", async () => {
  await project.run(["sandbox"]);
  project.lockPackages("1.0.1");
  await project.run(["sandbox"]);
  expect(npmCalls()).toHaveLength(2);
});

test("a lock file that npm ci refuses is installed by npm install, which leaves it as it is", async () => {
  const { code } = await project.run(["sandbox"], { FAKE_NPM_REFUSES_LOCK: "1" });
  expect(npmCalls()[1]).toMatch(/^install --no-save/);
  expect(code).toBe(0);
});

test("two runs beside each other install once, and the second says what it waits for", async () => {
  const first = project.start(["sandbox"], { FAKE_NPM_SECONDS: "1" });
  await first.said("Installing packages");
  const second = await project.run(["sandbox"]);
  expect(second.stderr).toMatch(/Waiting for process \d+, which installs the packages/);
  expect([second.code, (await first.ended).code]).toEqual([0, 0]);
  expect(npmCalls()).toHaveLength(1);
});

test("the lock of a run that was killed is taken over", async () => {
  const killed = project.start(["sandbox"], { FAKE_NPM_SECONDS: "0.5" });
  await killed.said("Installing packages");
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect((await project.run(["sandbox"])).code).toBe(0);
});

test("Ctrl-C ends npm, too, and the next run goes on", async () => {
  const run = project.start(["sandbox"], { FAKE_NPM_SECONDS: "60" });
  await run.said("Installing packages");
  run.child.kill("SIGINT");
  const { code, stderr } = await run.ended;
  expect(code).toBe(130);
  expect(stderr).toContain("Interrupted (SIGINT); the next run goes on from here.");
  expect(readdirSync(project.file(".cache"))).not.toContain("install.lock");
  expect((await project.run(["sandbox"])).code).toBe(0);
});

test.each([
  ["no network", "npm error code ENOTFOUND", "the network did not answer: ENOTFOUND"],
  ["a full disk", "npm error code ENOSPC", "the disk is full"],
  ["anything else", "npm error something odd", "npm ended with exit code 1.\n  npm error something odd"],
])("fails with %s: the cause, npm's log, and a non-zero exit", async (_name, error, expected) => {
  const { code, stdout, stderr } = await project.run(["sandbox"], { FAKE_NPM_ERROR: error });
  expect(stderr).toContain(`Installing the packages failed: ${expected}`);
  expect(stderr).toContain(project.file(".cache", "npm-install.log"));
  expect(project.read(".cache/npm-install.log")).toContain(error);
  expect([code, stdout]).toEqual([1, ""]);
});

test("fails where npm is missing, and says what brings it", async () => {
  project.removeProgram("npm");
  const { code, stderr } = await project.run(["sandbox"], { PATH: project.tools });
  expect(stderr).toContain("npm is not on PATH. Install Node.js 20 or newer");
  expect(code).toBe(1);
});

test("fails when npm was kept from running Node.js's install script", async () => {
  project.program("npm", "#!/bin/sh\nmkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json\n");
  const { code, stderr } = await project.run(["sandbox"]);
  expect(stderr).toContain("allow the script of the package `node`");
  expect(code).toBe(1);
});

test("the exit code of the command is passed on", async () => {
  project.program("pulumi", "#!/bin/sh\necho v3.259.0\n");
  writeFileSync(project.file("tools", "pulumi-language-nodejs"), "", { mode: 0o755 });
  const { code, stdout } = await project.run(["demo", "--keep"]);
  expect([code, stdout]).toEqual([7, "demo --keep\n"]);
});

test("a signal reaches the command, which may take its time to end", async () => {
  project.write(
    "sandbox/main.ts",
    `process.on("SIGTERM", () => setTimeout(() => { console.log("tidied"); process.exit(3); }, 50)); setInterval(() => {}, 1000); console.error("ready");`,
  );
  const run = project.start(["sandbox"]);
  await run.said("ready");
  run.child.kill("SIGTERM");
  expect(await run.ended).toMatchObject({ code: 3, stdout: "tidied\n" });
});

test("help needs nothing installed", async () => {
  const { code, stdout, stderr } = await project.run(["sandbox:read", "--help"]);
  expect(stdout).toMatch(/^npm run -s sandbox:read -- <document id> \[--host-data HEX]/);
  expect([code, stderr]).toEqual([0, ""]);
  expect(existsSync(project.file("npm-calls"))).toBe(false);
});

test("fails for an unknown command with the list of commands", async () => {
  const { code, stderr } = await project.run(["dmeo"]);
  expect(stderr).toMatch(/^Unknown command "dmeo"\.\nCommands:\n {2}npm run demo/);
  expect(code).toBe(2);
});
