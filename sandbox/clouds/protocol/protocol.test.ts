import * as fc from "fast-check";
import type { Properties } from "../records";
import { differences, touches } from "./diff";
import { checkFields, flag, integer, list, map, object, required, text, textThat } from "./shape";
import { hasUnknown, merge, plainObject, secretPaths, UNKNOWN, withSecrets, withUnknowns } from "./values";

const json = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue()) as fc.Arbitrary<Properties>;
const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

describe("differences", () => {
  test("there are none between a value and itself", () => {
    fc.assert(fc.property(json, (value) => differences(value, structuredClone(value)).length === 0));
  });

  test("what is added one way is deleted the other way", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const there = differences(a, b).filter(({ change }) => change === "add");
        const back = differences(b, a).filter(({ change }) => change === "delete");
        expect(there.map(({ path }) => path).sort()).toEqual(back.map(({ path }) => path).sort());
      }),
    );
  });

  test("are found in lists item by item, and the provider's own notes are none", () => {
    expect(differences({ a: [1, 2], __defaults: [] }, { a: [1, 3, 4], __defaults: ["x"] })).toEqual([
      { path: "a[1]", change: "update" },
      { path: "a[2]", change: "add" },
    ]);
  });

  test("touch a property when they are in it, not when its name begins like it", () => {
    expect(touches("tags.a", ["tags"])).toBe(true);
    expect(touches("rules[0].x", ["rules"])).toBe(true);
    expect(touches("tagsAll", ["tags"])).toBe(false);
  });
});

describe("values", () => {
  test("lose their envelopes for the models and get them back at the same places", () => {
    const given = { a: secret("x"), b: { c: secret(1), d: 2 }, e: [secret("y")] };
    expect(plainObject(given)).toEqual({ a: "x", b: { c: 1, d: 2 }, e: ["y"] });
    expect(secretPaths(given)).toEqual(["a", "b.c", "e"]);
    const { a, b } = given;
    expect(withSecrets(plainObject(given), secretPaths(given))).toEqual({ a, b, e: secret(["y"]) });
  });

  test("are marked as unknown where nothing stands, and inside objects", () => {
    const marked = withUnknowns({ properties: { sku: 1 } }, ["type", "properties.uri"]);
    expect(marked).toEqual({ type: UNKNOWN, properties: { sku: 1, uri: UNKNOWN } });
    expect(hasUnknown(marked.properties)).toBe(true);
  });

  test("merged with nothing are themselves", () => {
    fc.assert(fc.property(json, (value) => expect(merge(value, {})).toEqual(value)));
  });
});

describe("shapes", () => {
  const where = { type: "a:b:C", file: "c.ts" };
  const fields = {
    name: required(text()),
    size: integer(1, 9),
    open: flag,
    kind: text("x", "y"),
    tags: map(text()),
    rules: list(object({ id: required(text()) })),
    url: textThat((value) => (value.startsWith("https:") ? undefined : "no https URL")),
  };
  const reasons = (value: object): readonly string[] => checkFields(fields, value, where).map(({ reason }) => reason);

  test("accept what they describe, and values that are not known yet", () => {
    expect(reasons({ name: "n", size: 1, open: true, kind: "x", tags: { a: "b" }, rules: [{ id: "1" }] })).toEqual([]);
    expect(reasons({ name: UNKNOWN, size: UNKNOWN, rules: UNKNOWN, url: UNKNOWN })).toEqual([]);
  });

  test.each([
    [{}, "missing required property 'name' of a:b:C"],
    [{ name: 1 }, "'name' of a:b:C must be a string, not number 1"],
    [{ name: "n", size: 10 }, "'size' of a:b:C must be between 1 and 9, not number 10"],
    [{ name: "n", size: 1.5 }, "'size' of a:b:C must be an integer, not number 1.5"],
    [{ name: "n", open: "yes" }, `'open' of a:b:C must be true or false, not string "yes"`],
    [{ name: "n", kind: "z" }, `the sandbox does not model "z" as 'kind' of a:b:C: x, y (c.ts)`],
    [{ name: "n", tags: { a: 1 } }, "'tags.a' of a:b:C must be a string, not number 1"],
    [{ name: "n", rules: [{}] }, "missing required property 'rules[0].id' of a:b:C"],
    [{ name: "n", url: "http:" }, "'url' of a:b:C: no https URL"],
    [{ name: "n", more: 1 }, "the sandbox does not model the property more of a:b:C: c.ts lists those that it does"],
  ])("fail %j", (value, reason) => {
    expect(reasons(value)).toEqual([reason]);
  });
});
