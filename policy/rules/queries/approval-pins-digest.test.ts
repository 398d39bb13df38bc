import { QUERY_APPROVAL, QUERY_PROPOSAL } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { approvalPinsDigest } from "./approval-pins-digest";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const approval = (digest: unknown): { type: string; inputs: object } => ({
  type: QUERY_APPROVAL,
  inputs: { documentId: "query", digest },
});

testRule(approvalPinsDigest, {
  violations: [
    {
      what: "a word",
      given: approval("latest"),
      says: "Query approval 'sales' names the digest 'latest', which is no whole one",
    },
    {
      what: "a part of a digest",
      given: { type: QUERY_PROPOSAL, inputs: { digest: "sha256:0a58e7e54191" } },
      says: "Query proposal 'sales' names the digest 'sha256:0a58e7e54191', which is no whole one",
    },
    {
      what: "a digest that another resource says",
      given: [
        { ...approval(DIGEST), from: { digest: ["draft"] } },
        { type: "pulumi-nodejs:dynamic/cleanroom:QueryDraft", name: "draft" },
      ],
      says: "Query approval 'sales' takes its digest from another resource, and so agrees to whatever that says",
    },
    {
      what: "a vote without one",
      given: { type: QUERY_APPROVAL, outputs: { ballot: "accepted" } },
      says: "Query approval 'sales' accepted a query without naming a digest",
    },
  ],
  complies: [
    { what: "a whole digest", given: { ...approval(DIGEST), outputs: { ballot: "accepted" } } },
    { what: "no digest, and so no vote", given: { type: QUERY_APPROVAL, outputs: { ballot: "" } } },
  ],
  unknown: { what: "a digest", given: approval(UNKNOWN), path: "digest of Query approval 'sales'" },
  missing: {
    what: "a proposal without a digest, which proposes nothing",
    given: { type: QUERY_PROPOSAL },
    says: undefined,
  },
});
