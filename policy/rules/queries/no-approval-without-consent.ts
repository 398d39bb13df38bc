// Nobody agrees to a query over data whose use its owner has disabled.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import {
  DOCUMENT_CONSENT,
  QUERY_APPROVAL,
  QUERY_DRAFT,
  type ApprovalInputs,
  type ApprovalOutputs,
  type ConsentInputs,
  type QueryInputs,
} from "../../resources/clean-room";

export const noApprovalWithoutConsent = defineRule({
  code: "no-approval-without-consent",
  group: "queries",
  title: "No query is approved, or drafted, that uses a dataset whose consent is disabled.",
  risk: "The query is refused when it runs; and should the consent come back, it runs over data that was withdrawn when it was reviewed.",
  remedy: "Enable the dataset's consent first, or take the dataset out of the query.",
  references: [mcsb("PA-7"), cleanRoom("PUT consent: execution disabled by an approver")],
  judgeStack: ({ of, eachOf }) => {
    const withoutConsent = (query: QueryInputs): string | undefined => {
      const uses = [...(query.inputs ?? []), ...(query.output ? [query.output] : [])].map(
        ({ documentId }) => documentId,
      );
      const consents = of(DOCUMENT_CONSENT).filter(({ inputs }) => uses.includes((inputs as ConsentInputs).documentId));
      const disabled = consents.find(
        // Another approver's consent, too, is needed: governance says whether all have theirs.
        ({ inputs, outputs }) => (inputs as ConsentInputs).consent === "disabled" || outputs.usable === false,
      );
      return (disabled?.inputs as ConsentInputs | undefined)?.documentId;
    };
    eachOf([QUERY_DRAFT], (draft, { report }) => {
      const dataset = withoutConsent(draft.inputs);
      if (dataset !== undefined) {
        report(`uses dataset '${dataset}', whose consent is disabled`);
      }
    });
    eachOf([QUERY_APPROVAL], (approval, { report }) => {
      const { digest, decision = "accept" } = approval.inputs as ApprovalInputs;
      const { reviewed } = approval.outputs as ApprovalOutputs;
      const dataset =
        digest === undefined || decision !== "accept" || reviewed == null ? undefined : withoutConsent(reviewed);
      if (dataset !== undefined) {
        report(`accepts a query over dataset '${dataset}', whose consent is disabled`);
      }
    });
  },
});
