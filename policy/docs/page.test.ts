// The documentation of the rules is what the rules say of themselves.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../rules";
import { policiesPage } from "./page";

const page = readFileSync(join(__dirname, "..", "..", "docs", "policies.md"), "utf8");

test("docs/policies.md is what `npm run docs:policies` writes", () => {
  expect(page).toBe(policiesPage());
});

test("it explains every rule, and says where it is written", () => {
  for (const { code, title, references } of rules) {
    expect(page).toContain(`### ${code}\n\n${title}\n`);
    const row = page.split("\n").findLast((line) => line.startsWith(`| [${code}](#${code})`));
    for (const { item } of references) {
      expect(row).toContain(item);
    }
  }
});
