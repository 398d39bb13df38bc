/** The Pulumi CLI is found or got in a fixed order, whole or not at all, and every dead end is told with what helps. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FakeProject } from "./fake-project";

let project: FakeProject;
beforeEach(() => {
  project = new FakeProject();
});
afterEach(() => project.dispose());

const bin = (...names: string[]): string => path.join(project.home, "versions", "3.259.0", "bin", ...names);
const cliOnPath = (version: string): void => {
  project.program("pulumi", `#!/bin/sh\necho ${version}\n`);
  writeFileSync(path.join(project.tools, "pulumi-language-nodejs"), "", { mode: 0o755 });
};

test("a CLI of the right version on PATH is used", async () => {
  cliOnPath("v3.259.0");
  const { stdout } = await project.run(["engine"]);
  expect(stdout).toBe(`Pulumi CLI 3.259.0: ${path.join(project.tools, "pulumi")} (found on PATH)\n`);
  expect(existsSync(project.home)).toBe(false);
});

test("a CLI of another version on PATH is passed over", async () => {
  cliOnPath("v3.200.0");
  const { stdout } = await project.run(["engine"], { FAKE_DOWNLOAD_GIVES: "v3.259.0" });
  expect(stdout).toContain(`Pulumi CLI 3.259.0: ${bin("pulumi")} (the official download)`);
});

test("npm's stand-in on PATH is never asked, for it would begin to download", async () => {
  project.write("elsewhere/node_modules/.bin/pulumi", "");
  const { stderr } = await project.run(["engine"], {
    PATH: `${project.file("elsewhere/node_modules/.bin")}:${project.tools}:/usr/bin:/bin`,
  });
  expect(stderr).toContain("built from the Go module proxy");
});

test("the official download is kept in Pulumi's home, with Pulumi's own language host", async () => {
  const { code, stderr } = await project.run(["engine"], { FAKE_DOWNLOAD_GIVES: "v3.259.0" });
  expect(stderr).toContain(`Pulumi CLI 3.259.0: the official download. It is kept in ${bin()}.`);
  expect(readFileSync(bin("pulumi-language-nodejs"), "utf8")).toBe("official");
  expect(readdirSync(path.dirname(path.dirname(bin())))).toEqual(["3.259.0"]);
  expect(code).toBe(0);
});

test("where the download is out of reach the CLI is built, with our language host, and one line says so and why", async () => {
  const { code, stderr } = await project.run(["engine"]);
  expect(stderr).toContain(
    `Pulumi CLI 3.259.0: built from the Go module proxy, because the official download failed (the network did not answer: fetch failed). It is kept in ${bin()}.`,
  );
  expect(stderr).toMatch(/Building Pulumi CLI 3\.259\.0: .*, 0 s/);
  expect(readFileSync(bin("pulumi-language-nodejs"), "utf8")).toMatch(/language-host-\d+\.\d+\.\d+\/main\.js/);
  expect(code).toBe(0);
});

test("what is kept is used by the next run without a word, and its origin is known when asked for", async () => {
  await project.run(["engine"]);
  const { stdout, stderr } = await project.run(["engine", "--verbose"]);
  expect(stderr).toBe("");
  expect(stdout).toContain("(built from the Go module proxy, because the official download failed");
  expect(stdout).toContain("Language host for Node.js: this project's own");
  expect(project.read("go-calls").trim().split("\n")).toHaveLength(1);
});

test("a download that does not run is thrown away, and the CLI is built", async () => {
  const { code, stderr } = await project.run(["engine"], { FAKE_DOWNLOAD_GIVES: "nonsense" });
  expect(stderr).toContain("could not be downloaded (what it gave does not answer `pulumi version` with 3.259.0)");
  expect(readFileSync(bin("pulumi"), "utf8")).toContain("3.259.0");
  expect(code).toBe(0);
});

test("a broken CLI in Pulumi's home is replaced", async () => {
  project.write("pulumi-home/versions/3.259.0/bin/pulumi", "");
  const { code } = await project.run(["engine"]);
  expect(readFileSync(bin("pulumi"), "utf8")).toContain("3.259.0");
  expect(readdirSync(path.dirname(bin()))).toEqual(["bin"]);
  expect(code).toBe(0);
});

test("two runs beside each other build once, and the second says what it waits for", async () => {
  await project.run(["sandbox"]);
  const first = project.start(["engine"], { FAKE_GO_SECONDS: "1" });
  await first.said("Building Pulumi CLI");
  const second = await project.run(["engine"]);
  expect(second.stderr).toMatch(/Waiting for process \d+, which gets the Pulumi CLI/);
  expect([second.code, (await first.ended).code]).toEqual([0, 0]);
  expect(project.read("go-calls").trim().split("\n")).toHaveLength(1);
});

test("Ctrl-C in a build ends go and leaves nothing that looks like a CLI", async () => {
  const run = project.start(["engine"], { FAKE_GO_SECONDS: "60" });
  await run.said("Building Pulumi CLI");
  run.child.kill("SIGINT");
  expect((await run.ended).code).toBe(130);
  expect(readdirSync(path.join(project.home, "versions"))).toEqual([]);
});

test("a newer language host replaces an older one, and an older one never a newer", async () => {
  const manifest = project.file("engine/language-host/package.json");
  const setVersion = (version: string): void => writeFileSync(manifest, JSON.stringify({ version }));
  const installed = (): string[] => readdirSync(bin()).filter((name) => name.startsWith("language-host-"));
  setVersion("1.9.0");
  await project.run(["engine"]);
  setVersion("1.10.0");
  await project.run(["engine"]);
  expect(installed()).toEqual(["language-host-1.10.0"]);
  setVersion("1.9.5");
  await project.run(["engine"]);
  expect(installed()).toEqual(["language-host-1.10.0"]);
});

test.each([
  ["without Go", { PATH: "" }, "Go is not on PATH. Install Go 1.25.11 or newer"],
  ["with a Go that is too old", { FAKE_GO_VERSION: "go1.25.10" }, "Go 1.25.10 is too old. Install Go 1.25.11 or newer"],
  ["when Go finds no network", { FAKE_GO_ERROR: "dial tcp: no such host" }, "the network did not answer: no such host"],
  ["when the disk is full", { FAKE_GO_ERROR: "write: no space left on device" }, "the build failed: the disk is full"],
  ["when the build does not run", { FAKE_GO_GIVES: "1.0.0" }, "does not answer `pulumi version` with 3.259.0"],
])("fails %s: what was tried, what to install, a non-zero exit, nothing left", async (_name, env, expected) => {
  await project.run(["sandbox"]);
  if ("PATH" in env) {
    project.removeProgram("go");
  }
  const { code, stderr } = await project.run(["engine"], { ...env, PATH: `${project.tools}:/usr/bin:/bin` });
  expect(stderr).toContain(`- on PATH, and ${bin()}: not there in this version`);
  expect(stderr).toContain("- the official download: the network did not answer: fetch failed");
  expect(stderr).toContain(expected);
  expect(stderr).toMatch(/What helps: install Pulumi 3\.259\.0 .* or Go 1\.25\.11 or newer/);
  expect(readdirSync(path.join(project.home, "versions"))).toEqual([]);
  expect(code).toBe(1);
});
