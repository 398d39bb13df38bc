// The provider's text in the state of every stack: small, and the same in every release.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "../../provider";

const root = join(__dirname, "..", "..");
const golden = readFileSync(join(root, "test", "golden", "shim.txt"), "utf8");
let texts: Readonly<Record<string, string>>;

beforeAll(() => {
  const program = join(root, "test", "helpers", "shim-text.js");
  const answer = execFileSync(process.execPath, [program, ...KINDS], { cwd: root, encoding: "utf8" });
  texts = JSON.parse(answer) as Record<string, string>;
});

test.each(KINDS)("of %s is the text of all releases, with the kind's name", (kind) => {
  // Where this fails, every stack there is would show a diff: change what the text calls, never the text.
  expect(texts[kind]).toBe(golden.replaceAll("KIND", kind));
});

test("is small, and holds no path of the machine that wrote it", () => {
  for (const text of Object.values(texts)) {
    expect(text.length).toBeLessThanOrEqual(1_500);
    expect(text).not.toContain(root);
  }
});
