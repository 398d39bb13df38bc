// A query's result has no rows about a handful of people.
import { cleanRoom, defineRule, integer, mcsb, type Context } from "../../framework";
import {
  QUERY_AMENDMENT,
  QUERY_APPROVAL,
  QUERY_DRAFT,
  type ApprovalOutputs,
  type QueryInputs,
  type SegmentInputs,
} from "../../resources/clean-room";

type Limits = { readonly minimumGroup: number };

export const queryDropsSmallGroups = defineRule({
  code: "query-drops-small-groups",
  group: "queries",
  title: "A query's last segment drops the groups that are too small (post-filters).",
  risk: "A row about one or two people tells about them, and repeated queries tell the rest.",
  remedy:
    "Count the group in a column, and add it to postFilters of the segment that writes the output: { <column>: <least> }.",
  references: [mcsb("DP-2"), cleanRoom("postFilters column:minValue")],
  settings: {
    minimumGroup: integer("Members that every group in a result must have, at least.", 2, { default: 10, strict: 20 }),
  },
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

function judgeQuery({ segments = [] }: QueryInputs, whole: boolean, context: Context<Limits>): void {
  const { report, settings } = context;
  const last = Math.max(...segments.map(({ sequence }) => sequence ?? 0));
  for (const { sequence = 0, ...segment } of segments) {
    const low = filtersOf(segment).find(([, least]) => least < settings.minimumGroup);
    if (low !== undefined) {
      report(
        `keeps rows of segment ${sequence} whose '${low[0]}' is ${low[1]}, and ${settings.minimumGroup} are asked for`,
      );
      return;
    }
  }
  const open = whole
    ? segments.find((segment) => (segment.sequence ?? 0) === last && filtersOf(segment).length === 0)
    : undefined;
  if (open !== undefined) {
    report(`keeps groups of any size in its last segment (${last}); ${settings.minimumGroup} are asked for`);
  } else if (whole && segments.length === 0) {
    report("has no segments");
  }
}

const filtersOf = ({ postFilters }: SegmentInputs): readonly (readonly [string, number])[] =>
  Object.entries(postFilters ?? {});
