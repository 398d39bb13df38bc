// Nobody's data is queried without their vote.
import type { StackValidationPolicy } from "@pulumi/policy";

const DRAFT = "pulumi-nodejs:dynamic/cleanroom:QueryDraft";

export const approversAreOwners: StackValidationPolicy = {
  name: "approvers-are-owners",
  description:
    "A query's approvers include every owner of its datasets. Governance lets a proposer name any approvers, and the clean room checks its inputs' owners only when it runs.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const { type, name, props } of resources) {
      if (type !== DRAFT) {
        continue;
      }
      const { owners, approvers } = props as { owners?: Record<string, string>; approvers?: string[] };
      if (owners === undefined || approvers === undefined) {
        // Not known before up, where this rule judges again.
        continue;
      }
      for (const [documentId, owner] of Object.entries(owners)) {
        if (!approvers.includes(owner)) {
          report(
            `Query '${name}': ${owner} owns its dataset '${documentId}' and is not among its approvers (${approvers.join(", ") || "none"}). Use Query, which works the approvers out from the datasets.`,
          );
        }
      }
    }
  },
};
