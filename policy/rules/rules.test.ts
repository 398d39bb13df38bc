// What every rule has: metadata that is fit to be shown, and a test of each kind beside it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GROUPS, PACK_CONFIGURATION } from "../framework";
import { rules } from ".";

const fileOf = (group: string, name: string): string => join(__dirname, group, name);
/** The pack's own configuration is no property of a resource: its test is written out. */
const tabled = rules.filter(({ code }) => code !== PACK_CONFIGURATION);

test("there are at least 25, each with a code of its own, in the order of the groups", () => {
  expect(rules.length).toBeGreaterThanOrEqual(25);
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
  const order = rules.map(({ group }) => GROUPS.indexOf(group));
  const groups = order.filter((group, index) => group !== order[index - 1]);
  expect(groups).toHaveLength(GROUPS.length);
});

describe.each(rules.map((rule) => [rule.code, rule] as const))("%s", (code, rule) => {
  test("has a file of its code in the folder of its group, and its test beside it", () => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(existsSync(fileOf(rule.group, `${code}.ts`))).toBe(true);
    expect(existsSync(fileOf(rule.group, `${code}.test.ts`))).toBe(true);
  });

  test("says in sentences what must hold, what goes wrong without it, and what to do", () => {
    for (const text of [rule.title, rule.risk, rule.remedy]) {
      expect(text).toMatch(/^[A-Z].*\.$/s);
    }
  });

  test("says where it is written, in a benchmark and in the clean room's contract", () => {
    const sources = new Set(rule.references.map(({ source }) => source));
    expect(sources.has("Clean room")).toBe(true);
    expect(sources.size).toBeGreaterThan(1);
  });

  test("judges something, and describes what can be set of it", () => {
    expect(rule.judge ?? rule.judgeStack).toBeDefined();
    for (const { description } of Object.values(rule.settings)) {
      expect(description).toMatch(/\.$/);
    }
  });
});

test.each(tabled.map(({ code, group, remediate }) => [code, group, remediate !== undefined] as const))(
  "%s is tested with violations, what complies, what is unknown, what is missing, and a throw",
  (code, group, remediates) => {
    const text = readFileSync(fileOf(group, `${code}.test.ts`), "utf8");
    const name = code.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    // The types ask for two violations and one of each other kind; the throw is the helper's.
    expect(text).toContain(`testRule(${name}, {`);
    for (const kind of ["violations", "complies", "unknown", "missing", ...(remediates ? ["remediations"] : [])]) {
      expect(text).toMatch(new RegExp(`^  ${kind}: [[{]`, "m"));
    }
  },
);
