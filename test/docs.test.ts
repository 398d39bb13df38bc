// What the pages point at is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ROOT = join(__dirname, "..");
const PAGES = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

test.each(PAGES)("every link of %s to a file leads to one", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .map((target) => join(ROOT, dirname(page), target.split("#")[0] ?? ""));
  expect(targets.filter((target) => !existsSync(target)).map((target) => relative(ROOT, target))).toEqual([]);
});
