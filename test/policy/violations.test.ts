// A program with one violation of every rule, previewed by the real engine: every code is shown once, with a message that
// says where and what to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policy/rules";
import { createProject, type TestProject } from "../../sandbox/clouds/testing/project";
import { startAnyProvider, type AnyProvider } from "../helpers/any-provider";

const PACK = join(__dirname, "..", "..", "policy");
const SETTINGS = {
  "location-allowed": { locations: ["westeurope", "eu-west-1"] },
  "required-tags": { tags: { owner: "" } },
};
/** Rules that judge the stack itself: their violations are not of a resource of the rule's name. */
const OF_STACK = ["pack-configuration", "no-secrets-in-outputs"];

let provider: AnyProvider;
let project: TestProject;
let output: string;

beforeAll(async () => {
  provider = await startAnyProvider();
  const program = readFileSync(join(__dirname, "violations", "program.js"), "utf8");
  const packages = ["azure-native", "aws", "azuread", "command", "pulumi-nodejs"];
  project = await createProject(program, provider.env(...packages));
  await project.pulumi(["stack", "init", "violations"]);
  const set = (key: string, value: unknown): Promise<string> =>
    project.pulumi(["config", "set", `cleanroom-policy:${key}`, JSON.stringify(value)]);
  await set("settings", SETTINGS);
  await set("exceptions", [{ rule: "no-shared-key", resource: "no-shared-key", expires: "2027-01-31" }]);
  output = await project.pulumi(["preview", "--policy-pack", PACK]).then(
    () => "the preview passed",
    ({ message }: Error) => message,
  );
}, 60_000);
afterAll(async () => {
  await project.end();
  provider.end();
});

/** What is shown of each violation: code, level, resource, message. */
function shown(): readonly { code: string; level: string; name: string; message: string }[] {
  const form = /- \[(mandatory|advisory)\] {2}(\S+) {2}\([^)]*: ([^)]*)\)\n\s+(.*)/g;
  return [...output.matchAll(form)].map(([, level = "", code = "", name = "", message = ""]) => ({
    code,
    level,
    name,
    message,
  }));
}

test("every code is shown once, as mandatory, and the preview fails", () => {
  expect(output).toContain("preview failed");
  const codes = shown().map(({ code }) => code);
  expect([...codes].sort()).toEqual(rules.map(({ code }) => code).sort());
  expect(new Set(shown().map(({ level }) => level))).toEqual(new Set(["mandatory"]));
});

test.each(rules.map((rule) => [rule.code, rule] as const))(
  "%s names its resource and says what to do",
  (code, { remedy }) => {
    const found = shown().find((each) => each.code === code);
    expect(found?.name).toBe(OF_STACK.includes(code) ? "clouds-violations" : code);
    expect(found?.message).toMatch(/^[A-Z][A-Za-z -]* '[^']+' .+\. .+\.$/);
    // The SQL's checks have remedies of their own.
    if (code !== "query-sql-passes-checks") {
      expect(found?.message).toContain(remedy);
    }
  },
);
