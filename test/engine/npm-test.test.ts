/** `npm test` counts what passed and failed, names what failed, and never passes by running nothing. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { FakeProject } from "./fake-project";

let project: FakeProject;
beforeEach(() => {
  project = new FakeProject();
  project.program("pulumi", "#!/bin/sh\necho v3.259.0\n");
  writeFileSync(path.join(project.tools, "pulumi-language-nodejs"), "", { mode: 0o755 });
  for (const check of ["tsc", "eslint", "prettier"]) {
    project.program(check, "#!/bin/sh\n");
  }
});
afterEach(() => project.dispose());

type Status = "passed" | "failed" | "pending" | "todo";

/** A jest that reports these tests of one file and ends with this code, after `last` has been done. */
function jestReports(tests: Readonly<Record<string, Status>>, exitCode = 0, last = "true"): void {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  const failed = assertionResults.some(({ status }) => status === "failed");
  project.write(
    "result.json",
    JSON.stringify({
      success: !failed,
      numTotalTests: assertionResults.length,
      testResults: [{ name: project.file("a.test.ts"), status: failed ? "failed" : "passed", assertionResults }],
    }),
  );
  project.program(
    "jest",
    `#!/bin/sh
echo "$@" > "$FAKE/jest-arguments"
for argument in "$@"; do case "$argument" in --outputFile=*) cp "$FAKE/result.json" "\${argument#--outputFile=}";; esac; done
echo "jest's own lines" >&2
${last}
exit ${exitCode}
`,
  );
}

const lastLine = (text: string): string | undefined => text.trim().split("\n").at(-1);

test("checks and tests are counted together", async () => {
  jestReports({ "adds numbers": "passed", "takes numbers away": "passed" });
  const { code, stdout, stderr } = await project.run(["test"]);
  expect(lastLine(stdout)).toBe("5 passed, 0 failed");
  expect(stderr).toMatch(/PASS types \(\d+ s\)\nPASS lint \(\d+ s\)\nPASS format \(\d+ s\)\njest's own lines/);
  expect(code).toBe(0);
});

test("fails with the name of each test that failed, and of a check with its output", async () => {
  jestReports({ "adds numbers": "failed", "takes numbers away": "passed" }, 1);
  project.program("prettier", "#!/bin/sh\necho a.ts is not formatted\nexit 1\n");
  const { code, stdout, stderr } = await project.run(["test"]);
  expect(stderr).toMatch(/FAIL format \(\d+ s\)\na\.ts is not formatted\nWhat helps: npm run format/);
  expect(stdout).toBe("\nFailed:\n  format\n  a.test.ts: adds numbers\n3 passed, 2 failed\n");
  expect(code).toBe(1);
});

test.each<[string, Status]>([
  ["skipped", "pending"],
  ["only planned", "todo"],
])("fails for a test that is %s", async (_name, status) => {
  jestReports({ "adds numbers": status });
  const { code, stdout } = await project.run(["test"]);
  expect(stdout).toContain(`a.test.ts: adds numbers (${status})`);
  expect(code).toBe(1);
});

test("fails when no test was run", async () => {
  jestReports({});
  const { code, stdout } = await project.run(["test"]);
  expect(stdout).toContain("no test was run");
  expect(code).toBe(1);
});

test("fails when jest ends without a result", async () => {
  project.program("jest", "#!/bin/sh\nexit 1\n");
  const { code, stdout } = await project.run(["test"]);
  expect(lastLine(stdout)).toBe("3 passed, 1 failed");
  expect(code).toBe(1);
});

test("fails when jest ends badly although every test passed", async () => {
  jestReports({ "adds numbers": "passed" }, 1);
  const { code, stdout } = await project.run(["test"]);
  expect(stdout).toContain("jest ended with exit code 1");
  expect(code).toBe(1);
});

test("fails when a test leaves something open that keeps jest from ending", async () => {
  jestReports({ "adds numbers": "passed" }, 0, "exec sleep 60");
  const { code, stdout } = await project.run(["test"]);
  expect(stdout).toContain("jest did not end by itself");
  expect(code).toBe(1);
});

test("arguments go to jest, and the checks are left out", async () => {
  jestReports({ "adds numbers": "passed", "takes numbers away": "pending" });
  const { code, stdout, stderr } = await project.run(["test", "-t", "adds"]);
  expect(project.read("jest-arguments")).toMatch(/--json --outputFile=\S+ -t adds\n$/);
  expect([lastLine(stdout), stderr.includes("PASS types")]).toEqual(["1 passed, 0 failed", false]);
  expect(code).toBe(0);
});
