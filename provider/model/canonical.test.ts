// Canonical JSON and digests: the same for the same content, different for any other.
import fc from "fast-check";
import { shuffled } from "../../test/helpers/arbitraries";
import { canonicalJson, digestOf, shortDigest } from "./canonical";

const RUNS = { numRuns: 1_000 };

test("sorts keys at every level and keeps the order of lists", () => {
  expect(canonicalJson({ b: [{ z: 1, a: 2 }, 3], a: { d: 1, c: "x" } })).toBe(
    '{"a":{"c":"x","d":1},"b":[{"a":2,"z":1},3]}',
  );
});

test("leaves out what is undefined and keeps null", () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
});

test("does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, seed) => {
      expect(digestOf(shuffled(value, seed))).toBe(digestOf(value));
    }),
    RUNS,
  );
});

test("says everything that the JSON says", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    RUNS,
  );
});

test("tells different values apart", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const same = canonicalJson(one) === canonicalJson(other);
      expect(digestOf(one) === digestOf(other)).toBe(same);
    }),
    RUNS,
  );
});

test("names the algorithm in a digest, and shortens it to the twelve digits of a document id", () => {
  const digest = digestOf({});
  expect(digest).toBe("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  expect(shortDigest(digest)).toBe("44136fa355b3");
});
