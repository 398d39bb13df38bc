// What is proposed or voted on is named by the digest of what was reviewed.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { QUERY_APPROVAL, QUERY_PROPOSAL, type ApprovalInputs, type ApprovalOutputs } from "../../resources/clean-room";

export const approvalPinsDigest = defineRule({
  code: "approval-pins-digest",
  group: "queries",
  title: "An approval, and a proposal, names the digest of what was reviewed.",
  risk: "A vote on whatever governance holds agrees to text that was put there after the review.",
  remedy:
    "Write down the digest that was reviewed (sha256: and 64 digits), as configuration; without a digest no vote is cast.",
  references: [
    mcsb("PA-7"),
    cleanRoom("while a proposal is open, GET answers its copy; the draft beneath can be overwritten"),
  ],
  types: [QUERY_APPROVAL, QUERY_PROPOSAL],
  judge: ({ inputs }, { report }) => {
    const { digest } = inputs as ApprovalInputs;
    if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
      report(`names the digest '${digest}', which is no whole one`);
    }
  },
  judgeStack: ({ eachOf }) => {
    eachOf([QUERY_APPROVAL, QUERY_PROPOSAL], (approval, { report }) => {
      if (approval.dependenciesOf("digest").length > 0) {
        report("takes its digest from another resource, and so agrees to whatever that says");
        return;
      }
      const { digest } = approval.inputs as ApprovalInputs;
      const { ballot } = approval.outputs as ApprovalOutputs;
      if (digest === undefined && ballot === "accepted") {
        report("accepted a query without naming a digest");
      }
    });
  },
});
