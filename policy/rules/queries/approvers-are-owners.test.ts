import { QUERY_DRAFT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { approversAreOwners } from "./approvers-are-owners";

const owners = { "contosso-sales": "contosso", "litware-members": "litware", "litware-results": "litware" };
const draft = (outputs: object): { type: string; outputs: object } => ({ type: QUERY_DRAFT, outputs });

testRule(approversAreOwners, {
  violations: [
    {
      what: "an owner who is not asked",
      given: draft({ owners, approvers: ["contosso"] }),
      says: "Query draft 'sales' is not approved by litware, who owns its dataset 'litware-members' (approvers: contosso)",
    },
    {
      what: "nobody who is asked",
      given: draft({ owners, approvers: [] }),
      says: "Query draft 'sales' is not approved by contosso, who owns its dataset 'contosso-sales' (approvers: none)",
    },
    {
      what: "one who owns nothing",
      given: draft({ owners, approvers: ["litware", "contosso", "fabrikam"] }),
      says: "Query draft 'sales' is approved by fabrikam, who owns none of its datasets",
    },
  ],
  complies: [{ what: "every owner, and no other", given: draft({ owners, approvers: ["litware", "contosso"] }) }],
  unknown: {
    what: "who approves",
    given: draft({ owners, approvers: UNKNOWN }),
    path: "approvers of Query draft 'sales'",
  },
  missing: { what: "a draft that governance has not seen", given: draft({}), says: undefined },
});
