// A federated credential trusts the issuer that governance names for its dataset.
import { cleanRoom, defineRule, mcsb, texts } from "../../framework";
import { FEDERATED_CREDENTIAL, type FederatedCredentialInputs } from "../../resources/azure";
import { DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";

export const federatedIssuer = defineRule({
  code: "federated-issuer",
  group: "identities",
  title: "A federated credential's issuer is the one that governance names.",
  risk: "Whoever runs the issuer can make tokens for the identity: any registered user of the tenant may overwrite its issuer in governance.",
  remedy: "Take the issuer from getCleanRoomDetails, or name those that are allowed in the setting issuers.",
  references: [mcsb("IM-3"), cleanRoom("GET oidc/issuerInfo; POST setIssuerUrl is open to the tenant's users")],
  settings: { issuers: texts("Issuers that may be trusted; empty for the one that the dataset names.") },
  types: [FEDERATED_CREDENTIAL],
  judge: ({ inputs }, { report, settings: { issuers } }) => {
    const { issuer } = inputs as FederatedCredentialInputs;
    if (issuer === undefined || !/^https:\/\/[^\s*?#]+$/.test(issuer)) {
      report(`trusts the issuer '${issuer ?? ""}', which is no https address`);
    } else if (issuers.length > 0 && !issuers.includes(issuer)) {
      report(`trusts the issuer ${issuer}; allowed are ${issuers.join(", ")}`);
    }
  },
  judgeStack: ({ of, eachOf }) => {
    eachOf([DATASET_DOCUMENT], (document, { report }) => {
      const { identity } = document.inputs as DatasetInputs;
      if (identity?.name === undefined) {
        return;
      }
      for (const credential of of(FEDERATED_CREDENTIAL)) {
        const { resourceName, issuer } = credential.inputs as FederatedCredentialInputs;
        if (resourceName === identity.name && issuer !== identity.issuerUrl) {
          report(`trusts the issuer ${issuer ?? ""}, but ${document.label} names ${identity.issuerUrl ?? "none"}`, {
            of: credential,
          });
        }
      }
    });
  },
});
