// A query's SQL does what it seems to, and no more: the checks of a review, made every time.
import type * as Sql from "../../../sql";
import { cleanRoom, defineRule, mcsb, texts, type Context } from "../../framework";
import {
  QUERY_AMENDMENT,
  QUERY_APPROVAL,
  QUERY_DRAFT,
  type ApprovalOutputs,
  type QueryInputs,
} from "../../resources/clean-room";

type Limits = { readonly ownViews: readonly string[] };

export const querySqlPassesChecks = defineRule({
  code: "query-sql-passes-checks",
  group: "queries",
  title:
    "A query's SQL can be parsed, reads and writes what it says, stays inside, names its columns, and hides nothing.",
  risk: "SQL that is read over, or that shows other than it runs, takes data that nobody agreed to; the vote on it can't be taken back.",
  remedy: "Correct the SQL at that place, and have it reviewed again.",
  references: [mcsb("DS-6"), cleanRoom("a segment's SQL is run as it is")],
  settings: { ownViews: texts("Views of one's own data, of which a query of one's own may take every column.") },
  types: [QUERY_DRAFT, QUERY_AMENDMENT],
  judge: ({ type, inputs }, context) => judgeSql(inputs, type === QUERY_DRAFT, context),
  judgeStack: ({ eachOf }) => {
    // What a part of a query leaves open is said once, at the end.
    eachOf([QUERY_AMENDMENT], ({ inputs }, { note }) => noteUnchecked(resultsOf(inputs, false, []), note));
    eachOf([QUERY_APPROVAL], (approval, context) => {
      const { reviewed } = approval.outputs as ApprovalOutputs;
      if (reviewed != null) {
        judgeSql(reviewed, true, context);
      }
    });
  },
});

function judgeSql(query: QueryInputs, whole: boolean, { report, settings }: Context<Limits>): void {
  const results = resultsOf(query, whole, settings.ownViews);
  for (const { code, remedy, findings } of results) {
    const [first] = findings;
    if (first !== undefined) {
      const more = findings.length > 1 ? `, and ${findings.length - 1} more` : "";
      const place = `segment ${first.segment}, line ${first.line}, column ${first.column}`;
      report(`${first.problem} (${code}, at ${place}${more})`, { remedy });
    }
  }
  const parser = results.find(({ because }) => because?.startsWith(sql().PARSER_FAILED));
  if (parser !== undefined) {
    report(`has SQL that could not be checked, because ${parser.because ?? ""}`);
  }
}

function noteUnchecked(results: readonly Sql.CheckResult[], note: (text: string) => void): void {
  const unchecked = results.filter(({ outcome }) => outcome === "unchecked");
  if (unchecked.length > 0 && results.every(({ outcome }) => outcome !== "failed")) {
    const codes = unchecked.map(({ code }) => code).join(" and ");
    note(
      `${codes} could not be checked, because ${unchecked[0]?.because ?? ""}; the whole query is checked where it is drafted and approved.`,
    );
  }
}

function resultsOf(query: QueryInputs, whole: boolean, ownViews: readonly string[]): readonly Sql.CheckResult[] {
  return sql().checkSql({
    segments: (query.segments ?? []).map(({ sequence = 0, sql: text = "" }) => ({ sequence, sql: text })),
    inputs: whole ? (query.inputs ?? []).map(({ view = "" }) => ({ view, own: ownViews.includes(view) })) : undefined,
    output: query.output?.view,
  });
}

/** Loaded when there is SQL to check: stacks without any start without the parser. */
function sql(): typeof Sql {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a dynamic import would make every rule wait
  return require("../../../sql") as typeof Sql;
}
