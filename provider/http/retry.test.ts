// When a request is repeated, and how long after.
import fc from "fast-check";
import { backoff, mayRepeat, retryAfter } from "./retry";

const RUNS = { numRuns: 1_000 };
const NOW = Date.parse("2026-06-01T12:00:00Z");

test("repeats what may be sent twice after a passing trouble", () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    expect([status, mayRepeat(status, true)]).toEqual([status, true]);
  }
});

test("repeats what may not be sent twice only where the service says that it did nothing", () => {
  const repeated = Array.from({ length: 500 }, (_, i) => 100 + i).filter((status) => mayRepeat(status, false));
  expect(repeated).toEqual([425, 429]);
});

test("never repeats a plain refusal", () => {
  for (const status of [400, 401, 403, 404, 405, 409, 412, 422, 501]) {
    expect([status, mayRepeat(status, true)]).toEqual([status, false]);
  }
});

test("reads Retry-After in seconds and as a date", () => {
  expect(retryAfter("7", NOW)).toBe(7_000);
  expect(retryAfter(" 0 ", NOW)).toBe(0);
  expect(retryAfter("Mon, 01 Jun 2026 12:00:30 GMT", NOW)).toBe(30_000);
  expect(retryAfter("Mon, 01 Jun 2026 11:00:00 GMT", NOW)).toBe(0);
});

test("takes a Retry-After that is neither for none", () => {
  expect(retryAfter(undefined, NOW)).toBeUndefined();
  expect(retryAfter("soon", NOW)).toBeUndefined();
  expect(retryAfter("", NOW)).toBeUndefined();
});

test("waits between nothing and twice as long as before, ten seconds at most", () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (attempt, random) => {
      const wait = backoff(attempt, random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThan(Math.min(200 * 2 ** attempt, 10_000) + 1);
    }),
    RUNS,
  );
  expect(backoff(0, 0.5)).toBe(100);
  expect(backoff(50, 0.5)).toBe(5_000);
});
