// Nobody's data is queried without their vote, and nobody else's vote counts.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { QUERY_DRAFT, type QueryOutputs } from "../../resources/clean-room";

export const approversAreOwners = defineRule({
  code: "approvers-are-owners",
  group: "queries",
  title: "A query's approvers are the owners of its datasets.",
  risk: "Governance lets a proposer name any approvers, and the clean room checks its inputs' owners only when it runs, the output's never.",
  remedy: "Use Query, which works the approvers out from the datasets.",
  references: [mcsb("PA-7"), cleanRoom("POST users/proposals/create checks no approvers")],
  judgeStack: ({ eachOf }) => {
    eachOf([QUERY_DRAFT], (draft, { report }) => {
      const { owners, approvers } = draft.outputs as QueryOutputs;
      if (owners === undefined || approvers === undefined) {
        return;
      }
      const named = [...approvers];
      const unasked = Object.entries(owners).find(([, owner]) => !named.includes(owner));
      const stranger = named.find((approver) => !Object.values(owners).includes(approver));
      if (unasked !== undefined) {
        report(
          `is not approved by ${unasked[1]}, who owns its dataset '${unasked[0]}' (approvers: ${named.join(", ") || "none"})`,
        );
      } else if (stranger !== undefined) {
        report(`is approved by ${stranger}, who owns none of its datasets`);
      }
    });
  },
});
