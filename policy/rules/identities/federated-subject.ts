// A federated credential trusts one owner's clean room, and no other subject.
import { cleanRoom, defineRule, mcsb, text, texts } from "../../framework";
import { FEDERATED_CREDENTIAL, partsOfSubject, type FederatedCredentialInputs } from "../../resources/azure";
import { PIPELINE_ISSUERS } from "./issuers";

export const federatedSubject = defineRule({
  code: "federated-subject",
  group: "identities",
  title: "The subject of a clean room's federated credential is the contract and the owner.",
  risk: "Any other subject lets the clean room of another contract, or another owner's jobs, sign in as this identity.",
  remedy: "Use WorkloadIdentity, or write <contract id>-<the owner's object id>.",
  references: [mcsb("IM-3"), cleanRoom("subject <contractId>-<owner's oid>")],
  settings: {
    contractId: text("The contract that subjects must name; empty for any.", { default: "" }),
    otherIssuers: texts("Issuers of other workloads, whose credentials are not judged.", { default: PIPELINE_ISSUERS }),
  },
  types: [FEDERATED_CREDENTIAL],
  judge: ({ inputs }, { report, settings: { contractId, otherIssuers } }) => {
    const { subject, issuer } = inputs as FederatedCredentialInputs;
    if (otherIssuers.some((other) => issuer?.startsWith(other) === true)) {
      return;
    }
    const parts = partsOfSubject(subject ?? "");
    if (parts === undefined) {
      report(`trusts the subject '${subject ?? ""}', which is not a contract's id and an owner's object id`);
    } else if (contractId !== "" && parts.contractId !== contractId) {
      report(`trusts the clean room of the contract '${parts.contractId}', and ours is '${contractId}'`);
    }
  },
});
