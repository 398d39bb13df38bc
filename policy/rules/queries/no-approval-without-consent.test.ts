import { DOCUMENT_CONSENT, QUERY_APPROVAL, QUERY_DRAFT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noApprovalWithoutConsent } from "./no-approval-without-consent";

const query = {
  inputs: [{ documentId: "sales-1", view: "sales" }],
  output: { documentId: "results-1", view: "results" },
};
const consent = (
  value: unknown,
  documentId = "sales-1",
  usable?: boolean,
): { type: string; name: string; inputs: object; outputs: object } => ({
  type: DOCUMENT_CONSENT,
  name: "consent",
  inputs: { documentId, consent: value },
  outputs: usable === undefined ? {} : { usable },
});
const draft = { type: QUERY_DRAFT, inputs: query };
const approval = (inputs: object): { type: string; inputs: object; outputs: object } => ({
  type: QUERY_APPROVAL,
  inputs: { digest: `sha256:${"0a".repeat(32)}`, ...inputs },
  outputs: { reviewed: query },
});

testRule(noApprovalWithoutConsent, {
  violations: [
    {
      what: "an approval of a query over a dataset without consent",
      given: [approval({}), consent("disabled")],
      says: "Query approval 'sales' accepts a query over dataset 'sales-1', whose consent is disabled",
    },
    {
      what: "a draft over one that another approver has disabled",
      given: [draft, consent("enabled", "sales-1", false)],
      says: "Query draft 'sales' uses dataset 'sales-1', whose consent is disabled",
    },
    {
      what: "a draft that writes to one",
      given: [draft, consent("disabled", "results-1")],
      says: "Query draft 'sales' uses dataset 'results-1', whose consent is disabled",
    },
  ],
  complies: [
    { what: "consent", given: [approval({}), consent("enabled", "sales-1", true)] },
    { what: "a vote against it", given: [approval({ decision: "reject" }), consent("disabled")] },
    { what: "no vote yet", given: [approval({ digest: undefined }), consent("disabled")] },
    { what: "a dataset that the query does not use", given: [draft, consent("disabled", "other-1")] },
  ],
  unknown: { what: "consent", given: [draft, consent(UNKNOWN)], path: "consent of Query draft 'sales'" },
  missing: {
    what: "a consent that says nothing",
    given: [draft, { type: DOCUMENT_CONSENT, name: "consent" }],
    says: undefined,
  },
});
