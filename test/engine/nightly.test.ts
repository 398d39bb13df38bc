/** `npm run test:nightly` says its seed and how much of what was tried, and counts as `npm test` does. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { FakeProject } from "./fake-project";

let project: FakeProject;
beforeEach(() => {
  project = new FakeProject();
  project.program("pulumi", "#!/bin/sh\necho v3.259.0\n");
  writeFileSync(path.join(project.tools, "pulumi-language-nodejs"), "", { mode: 0o755 });
  const assertionResults = [{ fullName: "survives", status: "passed" }];
  const testResults = [{ name: project.file("a.test.ts"), status: "passed", assertionResults }];
  project.write("result.json", JSON.stringify({ success: true, numTotalTests: 1, testResults }));
  project.program(
    "jest",
    `#!/bin/sh
echo "NIGHTLY=$NIGHTLY SEED=$SEED $@" >&2
echo '{"what":"cells","count":40}' >> "$NIGHTLY_ACCOUNT"
echo '{"what":"random runs","count":7}' >> "$NIGHTLY_ACCOUNT"
echo '{"what":"cells","count":2}' >> "$NIGHTLY_ACCOUNT"
for argument in "$@"; do case "$argument" in --outputFile=*) cp "$FAKE/result.json" "\${argument#--outputFile=}";; esac; done
`,
  );
});
afterEach(() => project.dispose());

test("sums up what was tried, with the seed that repeats it", async () => {
  const { code, stdout, stderr } = await project.run(["test:nightly", "--seed", "77", "test/faults"]);
  expect(stderr).toContain("Nightly run with seed 77; to repeat it: npm run test:nightly -- --seed 77");
  expect(stderr).toMatch(/NIGHTLY=1 SEED=77 .*test\/faults/);
  expect(stdout).toMatch(/^\nTried with seed 77 in \d+ s:\n {2}42 cells\n {2}7 random runs\n1 passed, 0 failed\n$/);
  expect(code).toBe(0);
});

test("takes the seed that the environment names", async () => {
  expect((await project.run(["test:nightly"], { SEED: "9" })).stderr).toContain("NIGHTLY=1 SEED=9 ");
});

test("draws a seed when none is given", async () => {
  const { stderr } = await project.run(["test:nightly"]);
  const [, said, used] = /seed (\d+);[\s\S]*SEED=(\d+)/.exec(stderr) ?? [];
  expect(said).toBe(used);
  expect(Number(said)).toBeGreaterThan(0);
});

test.each(["soon", "-1", "1.5", ""])("fails with a seed of '%s'", async (given) => {
  const { code, stderr } = await project.run(["test:nightly", `--seed=${given}`]);
  expect(stderr).toContain(`--seed ${given}: a whole number is expected`);
  expect(code).toBe(2);
});
