// Differences as a colleague reads them.
import fc from "fast-check";
import { query as anyQuery } from "../../test/helpers/arbitraries";
import { jsonDifference, queryDifference, queryLines } from "./difference";
import { textDigest, type QueryContent } from "./query";

const query: QueryContent = {
  segments: [
    { sequence: 1, sql: "SELECT region,\n  SUM(amount)\nFROM sales", preConditions: { sales: 1000 } },
    { sequence: 2, sql: "SELECT * FROM big", postFilters: { buyers: 25 } },
  ],
  inputs: [{ documentId: "contosso-sales", view: "sales" }],
  output: { documentId: "litware-results", view: "results" },
};

test("shows SQL by lines, with the step that a line is of", () => {
  const [first, second] = query.segments;
  const theirs = { ...query, segments: [{ ...first, sql: "SELECT region,\n  AVG(amount)\nFROM sales" }, second] };
  expect(queryDifference(query, theirs, "this program", "in governance")).toBe(
    [
      "--- this program",
      "+++ in governance",
      "@@ -2,5 +2,5 @@",
      " -- runs only if sales has 1000 rows or more",
      " SELECT region,",
      "-  SUM(amount)",
      "+  AVG(amount)",
      " FROM sales",
      " -- segment 2",
    ].join("\n"),
  );
});

test("says a threshold and a dataset in words", () => {
  const theirs: QueryContent = {
    ...query,
    segments: [{ ...query.segments[0], preConditions: { sales: 1 } }, query.segments[1]],
    inputs: [{ documentId: "fabrikam-sales", view: "sales" }],
  };
  const difference = queryDifference(query, theirs, "ours", "theirs");
  expect(difference).toContain("--- runs only if sales has 1000 rows or more");
  expect(difference).toContain("+-- runs only if sales has 1 rows or more");
  expect(difference).toContain("--- reads contosso-sales as sales");
  expect(difference).toContain("+-- reads fabrikam-sales as sales");
});

test("is empty exactly when two queries are the same", () => {
  fc.assert(
    fc.property(anyQuery, anyQuery, (one, other) => {
      expect(queryDifference(one, one, "a", "b")).toBe("");
      expect(queryDifference(one, other, "a", "b") === "").toBe(textDigest(one) === textDigest(other));
    }),
    { numRuns: 300 },
  );
});

test("shows other values field by field, whatever the order of their keys", () => {
  expect(jsonDifference({ b: 1, a: 2 }, { a: 2, b: 3 }, "published", "this program")).toBe(
    ["--- published", "+++ this program", "@@ -1,4 +1,4 @@", " {", '   "a": 2,', '-  "b": 1', '+  "b": 3', " }"].join(
      "\n",
    ),
  );
  expect(jsonDifference({ b: 1, a: 2 }, { a: 2, b: 1 }, "published", "this program")).toBe("");
});

test("spells out what a reviewer would not see, or would read in another order", () => {
  const hidden = {
    segments: [{ sequence: 1, sql: "SELECT\t1 --\u202E\u2066 x\u0000\u200B" }],
    inputs: [],
    output: query.output,
  };
  expect(queryLines(hidden)).toContain("SELECT\t1 --\\u{202e}\\u{2066} x\\u{0}\\u{200b}");
});
