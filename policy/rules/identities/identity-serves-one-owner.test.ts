import { FEDERATED_CREDENTIAL } from "../../resources/azure";
import { DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { identityServesOneOwner } from "./identity-serves-one-owner";

const [OURS, THEIRS] = ["c0a70550-0000-4000-8000-0000000000a1", "117aa4e0-0000-4000-8000-0000000000a2"];
const credential = (name: string, subject: unknown): { type: string; name: string; inputs: object } => ({
  type: FEDERATED_CREDENTIAL,
  name,
  inputs: { resourceName: "shared", subject },
});
const document = (name: string, ownerId: unknown): { type: string; name: string; inputs: object; outputs: object } => ({
  type: DATASET_DOCUMENT,
  name,
  inputs: { identity: { name: "shared" } },
  outputs: { ownerId },
});

testRule(identityServesOneOwner, {
  violations: [
    {
      what: "one identity for two owners' clean rooms",
      given: [credential("ours", `analytics-${OURS}`), credential("theirs", `analytics-${THEIRS}`)],
      says: `Federated identity credential 'theirs' is trusted for the owner ${THEIRS}, and identity 'shared' serves the owner ${OURS}`,
    },
    {
      what: "one identity for two owners' datasets",
      given: [document("ours", OURS), document("theirs", THEIRS)],
      says: `Dataset document 'theirs' belongs to ${THEIRS}, and its identity 'shared' serves the owner ${OURS}`,
    },
  ],
  complies: [
    {
      what: "two datasets of one owner",
      given: [credential("ours", `analytics-${OURS}`), document("a", OURS), document("b", OURS)],
    },
  ],
  unknown: {
    what: "the owner",
    given: [document("ours", OURS), document("theirs", UNKNOWN)],
    path: "ownerId of Dataset document 'theirs'",
  },
  missing: { what: "a dataset without an identity", given: { type: DATASET_DOCUMENT, outputs: {} }, says: undefined },
});
