import { QUERY_AMENDMENT, QUERY_APPROVAL, QUERY_DRAFT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { queryDropsSmallGroups } from "./query-drops-small-groups";

const query = (...filters: unknown[]): object => ({
  segments: filters.map((postFilters, index) => ({ sequence: index + 1, postFilters })),
});
const draft = (...filters: unknown[]): { type: string; inputs: object } => ({
  type: QUERY_DRAFT,
  inputs: query(...filters),
});

testRule(queryDropsSmallGroups, {
  violations: [
    {
      what: "a last segment without a filter",
      given: draft({ customers: 25 }, undefined),
      says: "Query draft 'sales' keeps groups of any size in its last segment (2); 10 are asked for",
    },
    {
      what: "a filter that lets small groups through",
      given: draft(undefined, { customers: 2 }),
      says: "Query draft 'sales' keeps rows of segment 2 whose 'customers' is 2, and 10 are asked for",
    },
    {
      what: "an amendment with such a filter",
      given: { type: QUERY_AMENDMENT, inputs: query({ customers: 1 }) },
      says: "Query amendment 'sales' keeps rows of segment 1 whose 'customers' is 1, and 10 are asked for",
    },
    {
      what: "an approval of a query without a filter",
      given: { type: QUERY_APPROVAL, outputs: { reviewed: query(undefined) } },
      says: "Query approval 'sales' keeps groups of any size in its last segment (1); 10 are asked for",
    },
  ],
  complies: [
    { what: "a filter in the last segment", given: draft(undefined, { customers: 25 }) },
    { what: "an amendment without filters", given: { type: QUERY_AMENDMENT, inputs: query(undefined) } },
    { what: "an approval of nothing yet", given: { type: QUERY_APPROVAL, outputs: { reviewed: null } } },
  ],
  unknown: {
    what: "the size of a group",
    given: draft({ customers: UNKNOWN }),
    path: "segments[0].postFilters.customers of Query draft 'sales'",
  },
  missing: {
    what: "a draft without segments",
    given: { type: QUERY_DRAFT },
    says: "Query draft 'sales' has no segments",
  },
});
