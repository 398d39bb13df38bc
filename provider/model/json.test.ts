// JSON of others is read as it is, or refused without a word of it.
import fc from "fast-check";
import { parseJson, UnreadableJsonError } from "./json";

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => expect(parseJson(text)).toEqual(JSON.parse(text))),
    { numRuns: 1_000 },
  );
});

test("counts levels, and neither brackets in texts nor brackets side by side", () => {
  expect(parseJson(JSON.stringify("[".repeat(1_000)))).toBe("[".repeat(1_000));
  expect(parseJson(JSON.stringify(`\\"${"{".repeat(1_000)}`))).toBe(`\\"${"{".repeat(1_000)}`);
  expect(parseJson(`[${"[],".repeat(1_000)}[]]`)).toHaveLength(1_001);
  expect(() => parseJson("[".repeat(100) + "]".repeat(100))).not.toThrow();
});

test.each([101, 100_000])("fails with %d levels before anything follows them", (levels) => {
  expect(() => parseJson("[".repeat(levels) + "]".repeat(levels))).toThrow(
    new UnreadableJsonError("JSON nested deeper than 100 levels"),
  );
  expect(() => parseJson('{"a":'.repeat(levels))).toThrow(UnreadableJsonError);
});

test("fails with what is broken, and quotes nothing of it", () => {
  expect(() => parseJson('{"token":canary}')).toThrow(new UnreadableJsonError("broken JSON (16 characters)"));
});
