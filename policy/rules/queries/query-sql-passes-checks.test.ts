import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { Pack } from "../../framework";
import { QUERY_AMENDMENT, QUERY_APPROVAL, QUERY_DRAFT } from "../../resources/clean-room";
import { querySqlPassesChecks } from "./query-sql-passes-checks";

const query = (...sql: unknown[]): object => ({
  segments: sql.map((text, index) => ({ sequence: index + 1, sql: text })),
  inputs: [{ documentId: "sales-1", view: "sales" }],
  output: { documentId: "results-1", view: "results" },
});
const draft = (...sql: unknown[]): { type: string; inputs: object } => ({ type: QUERY_DRAFT, inputs: query(...sql) });

testRule(querySqlPassesChecks, {
  violations: [
    {
      what: "a script",
      given: draft("SELECT region FROM sales", "SELECT\n  reflect(region) FROM sales"),
      says: "Query draft 'sales' calls reflect, which runs any Java method (sql-stays-inside, at segment 2, line 2, column 3). Leave it out: a query needs nothing but its views and SQL's own functions.",
    },
    {
      what: "columns that are not named, in two places",
      given: draft("SELECT * FROM sales", "SELECT * FROM sales"),
      says: "Query draft 'sales' takes every column of 'sales' (*) (sql-names-columns, at segment 1, line 1, column 8, and 1 more). Name the columns: with * a query takes fields that are added or allowed later, and that nobody agreed to.",
    },
    {
      what: "an approval of what can't be parsed",
      given: { type: QUERY_APPROVAL, outputs: { reviewed: query("SELECT FROM") } },
      says: "Query approval 'sales' can't be parsed: no viable alternative at input 'FROM' (sql-parses, at segment 1, line 1, column 8). Correct it: what nobody can read, nobody can agree to.",
    },
    {
      what: "an amendment that hides something",
      given: { type: QUERY_AMENDMENT, inputs: { segments: [{ sequence: 2, sql: "SELECT 1 FROM sales -- \u202e" }] } },
      settings: {},
      says: "Query amendment 'sales' has a character that turns the direction of writing (U+202E) (sql-hides-nothing, at segment 2, line 1, column 24). Write it in plain characters, one after the other.",
    },
  ],
  complies: [
    { what: "a plain query", given: draft("SELECT region, count(*) AS n FROM sales GROUP BY region") },
    { what: "every column of one's own view", given: draft("SELECT * FROM sales"), settings: { ownViews: ["sales"] } },
    { what: "an approval of nothing yet", given: { type: QUERY_APPROVAL, outputs: {} } },
  ],
  unknown: { what: "a segment's SQL", given: draft(UNKNOWN), path: "segments[0].sql of Query draft 'sales'" },
  missing: {
    what: "a segment without SQL",
    given: { type: QUERY_DRAFT, inputs: { segments: [{ sequence: 1 }] } },
    says: "Query draft 'sales' has no statement (sql-parses, at segment 1, line 1, column 1). Correct it: what nobody can read, nobody can agree to.",
  },
});

test("says which checks of an amendment could not be made, and why", () => {
  const pack = new Pack([querySqlPassesChecks], { stack: "litware", preview: true, config: {} });
  const properties = { segments: [{ sequence: 2, sql: "SELECT tier FROM members" }] };
  const told = { urn: "urn:1", type: QUERY_AMENDMENT, name: "ours", properties };
  expect(pack.analyze(told)).toEqual([]);
  const found = pack.analyzeStack([told]);
  expect(found.map(({ level, message }) => [level, message])).toEqual([
    [
      "advisory",
      "sql-reads-inputs-only and sql-names-columns could not be checked, because the query's datasets are not known; the whole query is checked where it is drafted and approved.",
    ],
  ]);
});
