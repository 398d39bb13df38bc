// A query does not run over so few rows that its result is about one of them.
import { cleanRoom, defineRule, integer, mcsb, type Context, type Resource } from "../../framework";
import {
  QUERY_AMENDMENT,
  QUERY_APPROVAL,
  QUERY_DRAFT,
  type ApprovalOutputs,
  type QueryInputs,
} from "../../resources/clean-room";

type Limits = { readonly minimumRows: number };

export const queryNamesMinimumRows = defineRule({
  code: "query-names-minimum-rows",
  group: "queries",
  title: "A query names, for every view it reads, the rows there must be (pre-conditions).",
  risk: "Over a dataset with few rows, or one that was emptied but for one, any aggregate is about that one.",
  remedy: "Add preConditions to the segment that reads the view: { <view>: <rows> }.",
  references: [mcsb("DP-2"), cleanRoom("preConditions view:minRows")],
  settings: { minimumRows: integer("Rows that every view must have, at least.", 1, { default: 50, strict: 100 }) },
  types: [QUERY_DRAFT, QUERY_AMENDMENT],
  judge: ({ type, inputs }, context) => judgeQuery(inputs as QueryInputs, type === QUERY_DRAFT, context),
  judgeStack: ({ eachOf }) => {
    eachOf([QUERY_APPROVAL], (approval, context) => {
      const { reviewed } = approval.outputs as ApprovalOutputs;
      if (reviewed != null) {
        judgeQuery(reviewed, true, context);
      }
    });
  },
});

function judgeQuery(query: QueryInputs, whole: boolean, { report, settings }: Context<Limits>, of?: Resource): void {
  const { minimumRows } = settings;
  const required = new Map<string, number>();
  for (const { preConditions } of query.segments ?? []) {
    for (const [view, rows] of Object.entries(preConditions ?? {})) {
      required.set(view, Math.max(rows, required.get(view) ?? 0));
    }
  }
  const low = [...required].find(([, rows]) => rows < minimumRows);
  if (low !== undefined) {
    report(`runs once '${low[0]}' has ${low[1]} rows, and ${minimumRows} are asked for`, { of });
    return;
  }
  const missing = whole ? (query.inputs ?? []).find(({ view }) => !required.has(view ?? "")) : undefined;
  if (missing !== undefined) {
    report(`reads '${missing.view ?? ""}' however few rows it has; ${minimumRows} are asked for`, { of });
  }
}
