// Every check of a query's SQL: what it finds and where, what it lets pass, and what it says when it can't check.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKS, checkSql, type CheckResult, type SqlQuery } from ".";

const inputs = [{ view: "sales" }, { view: "members" }, { view: "ours", own: true }];

const query = (...sql: readonly string[]): SqlQuery => ({
  segments: sql.map((text, index) => ({ sequence: index + 1, sql: text })),
  inputs,
  output: "results",
});

function result(code: string, checked: SqlQuery): CheckResult {
  const found = checkSql(checked).find((each) => each.code === code);
  if (found === undefined) {
    throw new Error(`there is no check ${code}`);
  }
  return found;
}

/** `segment:line:column problem` */
const places = ({ findings }: CheckResult): readonly string[] =>
  findings.map(({ segment, line, column, problem }) => `${segment}:${line}:${column} ${problem}`);

const stack = (name: string): string => readFileSync(join(__dirname, "..", "stacks", name), "utf8");

test("the stacks' own query passes every check", () => {
  const [purchases, members, revenue] = ["fabrikam/purchases.sql", "litware/members.sql", "fabrikam/revenue.sql"].map(
    stack,
  );
  const results = checkSql(query(purchases ?? "", members ?? "", revenue ?? ""));
  expect(results.map(({ code, outcome }) => [code, outcome])).toEqual(CHECKS.map(({ code }) => [code, "passed"]));
});

test.each([
  ["sql-parses", ["SELECT FROM sales"], ["1:1:8 can't be parsed: no viable alternative at input 'FROM'"]],
  [
    "sql-parses",
    ["SELECT region FROM sales", "SELECT region\nFROM sales WHERE ("],
    ["2:2:19 can't be parsed: no viable alternative at input 'sales WHERE ('"],
  ],
  ["sql-parses", ["-- nothing to see"], ["1:1:1 has no statement"]],
  ["sql-reads-inputs-only", ["SELECT pay\nFROM salaries"], ["1:2:6 reads 'salaries', which no dataset provides"]],
  [
    "sql-reads-inputs-only",
    ["SELECT a FROM parquet.`s3://other/place`"],
    ["1:1:15 reads 'parquet.`s3://other/place`', which no dataset provides"],
  ],
  [
    "sql-reads-inputs-only",
    ["SELECT region FROM sales WHERE EXISTS (SELECT 1 FROM other)"],
    ["1:1:54 reads 'other', which no dataset provides"],
  ],
  [
    "sql-reads-inputs-only",
    ["SELECT a FROM identifier('sal' || 'aries')"],
    ["1:1:15 reads a table whose name is worked out when it runs (identifier('sal'||'aries'))"],
  ],
  [
    "sql-reads-inputs-only",
    ["SELECT a FROM later", "CREATE TEMP VIEW later AS SELECT region AS a FROM sales"],
    ["1:1:15 reads 'later', which no dataset provides"],
  ],
  [
    "sql-writes-output-only",
    ["INSERT INTO elsewhere SELECT region FROM sales"],
    ["1:1:13 writes to 'elsewhere', which is not the output"],
  ],
  [
    "sql-writes-output-only",
    ["INSERT OVERWRITE DIRECTORY 's3://x' USING csv SELECT region FROM sales"],
    ["1:1:1 writes to a folder"],
  ],
  [
    "sql-writes-output-only",
    ["CREATE TABLE kept AS SELECT region FROM sales"],
    ["1:1:1 is neither a query nor a temporary view: CREATE TABLE AS"],
  ],
  [
    "sql-writes-output-only",
    ["CREATE GLOBAL TEMP VIEW kept AS SELECT region FROM sales"],
    ["1:1:1 is neither a query nor a temporary view: CREATE GLOBAL TEMP"],
  ],
  [
    "sql-writes-output-only",
    ["CREATE OR REPLACE TEMP VIEW Members AS SELECT 1 AS tier"],
    ["1:1:29 puts a view of its own in the place of the dataset's view 'Members'"],
  ],
  [
    "sql-writes-output-only",
    ["SELECT 1; DROP TABLE results"],
    ["1:1:11 is neither a query nor a temporary view: DROP TABLE"],
  ],
  [
    "sql-stays-inside",
    ["SELECT\n  reflect('java.lang.System', 'getenv', 'TOKEN') FROM sales"],
    ["1:2:3 calls reflect, which runs any Java method"],
  ],
  [
    "sql-stays-inside",
    ["SELECT JAVA_METHOD('a', 'b') FROM sales"],
    ["1:1:8 calls JAVA_METHOD, which runs any Java method"],
  ],
  [
    "sql-stays-inside",
    ["SELECT TRANSFORM(region) USING 'curl https://x' FROM sales"],
    ["1:1:1 hands rows to the script 'curl https://x'"],
  ],
  ["sql-stays-inside", ["FROM sales MAP region USING 'cat' AS a"], ["1:1:12 hands rows to the script 'cat'"]],
  [
    "sql-stays-inside",
    ["SELECT raise_error(region) FROM sales"],
    ["1:1:8 calls raise_error, which puts data into an error, which no filter sees"],
  ],
  ["sql-stays-inside", ["CREATE FUNCTION f AS 'com.x' USING JAR 's3://x'"], ["1:1:1 makes a function of other code"]],
  ["sql-stays-inside", ["ADD JAR 's3://x'"], ["1:1:1 loads other code or files"]],
  ["sql-stays-inside", ["SET spark.sql.ansi.enabled=false"], ["1:1:1 changes how Spark works"]],
  ["sql-names-columns", ["SELECT * FROM sales"], ["1:1:8 takes every column of 'sales' (*)"]],
  [
    "sql-names-columns",
    ["SELECT m.tier, s.* FROM sales AS s JOIN members m ON s.a = m.a"],
    ["1:1:16 takes every column of 'sales' (s.*)"],
  ],
  [
    "sql-names-columns",
    ["CREATE TEMP VIEW a AS SELECT tier FROM (SELECT * FROM `Members`)"],
    ["1:1:48 takes every column of '`Members`' (*)"],
  ],
  ["sql-names-columns", ["TABLE sales"], ["1:1:1 takes every column of 'sales'"]],
  [
    "sql-hides-nothing",
    ["SELECT region -- \u202e\nFROM sales"],
    ["1:1:18 has a character that turns the direction of writing (U+202E)"],
  ],
  ["sql-hides-nothing", ["SELECT 'a\u200bb'"], ["1:1:10 has an invisible character (U+200B)"]],
  [
    "sql-hides-nothing",
    ["SELECT 1 -- harmless\rFROM sales"],
    ["1:1:21 has a control character, which some show as a new line and others do not (U+000D)"],
  ],
  ["sql-hides-nothing", [`SELECT 1${" ".repeat(120)}FROM sales`], ["1:1:9 goes on far to the right, out of sight"]],
  [
    "sql-hides-nothing",
    ["SELECT regi\u043en FROM sales"],
    ["1:1:8 has the name 'regi\u043en', in letters that can look like others"],
  ],
])("%s fails with %j", (code, sql, expected) => {
  const found = result(code, query(...sql));
  expect([found.outcome, places(found)]).toEqual(["failed", expected]);
});

test.each([
  ["sql-reads-inputs-only", ["WITH t AS (SELECT tier FROM Members) SELECT tier FROM t"]],
  ["sql-reads-inputs-only", ["CREATE TEMP VIEW a AS SELECT tier FROM members", "SELECT tier FROM A"]],
  ["sql-reads-inputs-only", ["CREATE TEMP VIEW a AS SELECT tier FROM members; SELECT tier FROM a"]],
  ["sql-reads-inputs-only", ["SELECT id FROM range(10)"]],
  ["sql-writes-output-only", ["INSERT INTO results SELECT region FROM sales"]],
  ["sql-writes-output-only", ["CREATE OR REPLACE TEMPORARY VIEW step AS SELECT region FROM sales"]],
  ["sql-stays-inside", ["SELECT transform(array(1), x -> x + 1), upper(region) FROM sales"]],
  ["sql-names-columns", ["SELECT count(*) FROM sales"]],
  ["sql-names-columns", ["SELECT o.* FROM ours o JOIN sales s ON o.a = s.a"]],
  ["sql-names-columns", ["CREATE TEMP VIEW a AS SELECT tier FROM members", "SELECT * FROM a"]],
  ["sql-names-columns", ["SELECT * FROM (SELECT tier FROM members) AS t"]],
  ["sql-hides-nothing", ["SELECT 'Grüße, \u4f60\u597d' AS greeting -- für alle\r\nFROM sales"]],
])("%s passes %j", (code, sql) => {
  expect(places(result(code, query(...sql)))).toEqual([]);
  expect(result(code, query(...sql)).outcome).toBe("passed");
});

describe("what can't be checked is not said to have passed", () => {
  test("a segment that can't be parsed", () => {
    const results = checkSql(query("SELECT region FROM sales", "SELECT FROM"));
    expect(Object.fromEntries(results.map(({ code, outcome, because }) => [code, because ?? outcome]))).toEqual({
      "sql-parses": "failed",
      "sql-hides-nothing": "passed",
      "sql-reads-inputs-only": "segment 2 can't be parsed",
      "sql-writes-output-only": "segment 2 can't be parsed",
      "sql-stays-inside": "segment 2 can't be parsed",
      "sql-names-columns": "segment 2 can't be parsed",
    });
  });

  test("what is wrong elsewhere is still found", () => {
    expect(result("sql-names-columns", query("SELECT * FROM sales", "SELECT FROM")).outcome).toBe("failed");
  });

  test("a part of a query, whose datasets are not known", () => {
    const part = { ...query("SELECT * FROM anything"), inputs: undefined, output: undefined };
    for (const code of ["sql-reads-inputs-only", "sql-names-columns"]) {
      expect(result(code, part)).toMatchObject({ outcome: "unchecked", because: "the query's datasets are not known" });
    }
  });
});
