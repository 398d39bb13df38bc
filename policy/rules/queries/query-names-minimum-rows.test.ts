import { QUERY_AMENDMENT, QUERY_APPROVAL, QUERY_DRAFT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { queryNamesMinimumRows } from "./query-names-minimum-rows";

const query = (...conditions: unknown[]): object => ({
  inputs: [
    { documentId: "sales-1", view: "sales" },
    { documentId: "members-1", view: "members" },
  ],
  segments: conditions.map((preConditions, sequence) => ({ sequence, preConditions })),
});
const draft = (...conditions: unknown[]): { type: string; inputs: object } => ({
  type: QUERY_DRAFT,
  inputs: query(...conditions),
});

testRule(queryNamesMinimumRows, {
  violations: [
    {
      what: "a view without any",
      given: draft({ sales: 1000 }),
      says: "Query draft 'sales' reads 'members' however few rows it has; 50 are asked for",
    },
    {
      what: "a view with too few",
      given: draft({ sales: 1000 }, { members: 5 }),
      says: "Query draft 'sales' runs once 'members' has 5 rows, and 50 are asked for",
    },
    {
      what: "an amendment with too few",
      given: { type: QUERY_AMENDMENT, inputs: { segments: [{ sequence: 2, preConditions: { members: 1 } }] } },
      says: "Query amendment 'sales' runs once 'members' has 1 rows, and 50 are asked for",
    },
    {
      what: "an approval of a query without any",
      given: { type: QUERY_APPROVAL, outputs: { reviewed: query({ members: 100 }) } },
      says: "Query approval 'sales' reads 'sales' however few rows it has; 50 are asked for",
    },
  ],
  complies: [
    { what: "rows for every view", given: draft({ sales: 1000 }, { members: 100 }) },
    {
      what: "an amendment that leaves them to the draft",
      given: { type: QUERY_AMENDMENT, inputs: { segments: [{ sequence: 2 }] } },
    },
    { what: "an approval of nothing yet", given: { type: QUERY_APPROVAL, outputs: {} } },
  ],
  unknown: {
    what: "the rows",
    given: draft({ sales: UNKNOWN, members: 100 }),
    path: "segments[0].preConditions.sales of Query draft 'sales'",
  },
  missing: {
    what: "a draft without segments",
    given: { type: QUERY_DRAFT, inputs: { inputs: [{ view: "sales" }] } },
    says: "Query draft 'sales' reads 'sales' however few rows it has; 50 are asked for",
  },
});
