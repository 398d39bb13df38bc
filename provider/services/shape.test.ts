// An answer of another shape than promised is a clear error.
import { fieldsOf, listOf, optionalText, textOf, UnexpectedAnswerError } from "./shape";

test("reads what is there", () => {
  const fields = fieldsOf({ id: "x", list: [1], empty: "", nothing: null }, "read");
  expect(textOf(fields, "id", "read")).toBe("x");
  expect(listOf(fields.list, "read")).toEqual([1]);
  expect(optionalText(fields, "id", "read")).toBe("x");
  for (const key of ["empty", "nothing", "missing"]) {
    expect(optionalText(fields, key, "read")).toBeUndefined();
  }
});

test.each([
  ["an object", () => fieldsOf([1], "read x"), "read x: an object was expected, but the service answered [1]."],
  [
    "an object",
    () => fieldsOf(undefined, "read x"),
    "read x: an object was expected, but the service answered nothing.",
  ],
  ["a list", () => listOf({}, "read x"), "read x: a list was expected, but the service answered {}."],
  ["a text", () => textOf({ id: 7 }, "id", "read x"), "read x: 'id' should be a text, but the service answered 7."],
  [
    "a text",
    () => optionalText({ id: 7 }, "id", "read x"),
    "read x: 'id' should be a text, but the service answered 7.",
  ],
])("fails without %s", (_what, read, message) => {
  expect(read).toThrow(new UnexpectedAnswerError(message));
});

test("fails with a long answer shortened", () => {
  expect(() => listOf("x".repeat(1_000), "read")).toThrow(/"x{199}… \(1002 characters\)\.$/);
});
