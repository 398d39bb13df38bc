// When a label changes, and what it may be.
import fc from "fast-check";
import { rotationEvery, rotationLabel } from "./rotation";

const halfYears = { months: 6, from: "2026-01-01" };
const at = (day: string): Date => new Date(`${day}Z`);

test.each([
  ["before the first period", "2025-11-24T12:00:00", "20260101"],
  ["on its first day", "2026-01-01T00:00:00", "20260101"],
  ["on its last", "2026-06-30T23:59:59", "20260101"],
  ["on the first day of the next", "2026-07-01T00:00:00", "20260701"],
  ["years later", "2031-03-05T00:00:00", "20310101"],
])("%s is the label of the period's first day", (_when, today, label) => {
  expect(rotationEvery(halfYears, at(today))).toBe(label);
});

test("a month without such a day has its last one", () => {
  const monthly = { months: 1, from: "2026-01-31" };
  expect(rotationEvery(monthly, at("2026-02-27T23:59:59"))).toBe("20260131");
  expect(rotationEvery(monthly, at("2026-02-28T00:00:00"))).toBe("20260228");
  expect(rotationEvery(monthly, at("2026-03-31T00:00:00"))).toBe("20260331");
});

test("time never brings an earlier label back, and none is older than its period", () => {
  const day = fc.date({ min: at("2026-01-01T00:00:00"), max: at("2060-01-01T00:00:00"), noInvalidDate: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), day, day, (months, a, b) => {
      const [early, late] = a < b ? [a, b] : [b, a];
      const schedule = { months, from: "2026-01-31" };
      expect(rotationEvery(schedule, early) <= rotationEvery(schedule, late)).toBe(true);
      const label = rotationEvery(schedule, late);
      const begun = at(`${label.slice(0, 4)}-${label.slice(4, 6)}-${label.slice(6)}T00:00:00`);
      expect(late.getTime() - Math.min(begun.getTime(), late.getTime())).toBeLessThan(months * 31 * 86_400_000);
      expect(rotationLabel("rotation", label)).toEqual([label]);
    }),
  );
});

test.each([
  [{ months: 0, from: "2026-01-01" }, "months is 0: give a whole number from 1 to 120"],
  [{ months: 1.5, from: "2026-01-01" }, "months is 1.5"],
  [{ months: 6, from: "1 January" }, "from is '1 January': give a day such as 2026-01-01"],
  [{ months: 6, from: "2026-02-31" }, "from is '2026-02-31'"],
])("fails with a schedule of %p", (schedule, problem) => {
  expect(() => rotationEvery(schedule)).toThrow(problem);
});

test.each(["", "v 2", "-v2", "v--2", "a".repeat(21), "v2\n"])("fails with the label %p", (label) => {
  expect(() => rotationLabel("kekRotation", label)).toThrow("kekRotation is '");
});
