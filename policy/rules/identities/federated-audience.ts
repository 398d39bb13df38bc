// A federated credential takes tokens made for the exchange with Entra ID, and no others.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { FEDERATED_CREDENTIAL, type FederatedCredentialInputs } from "../../resources/azure";

const AUDIENCE = "api://AzureADTokenExchange";

export const federatedAudience = defineRule({
  code: "federated-audience",
  group: "identities",
  title: "A federated credential's audience is exactly api://AzureADTokenExchange.",
  risk: "With another or a further audience, a token that was made for some other service can be traded for this identity.",
  remedy: `Set audiences to ["${AUDIENCE}"].`,
  references: [mcsb("IM-3"), cleanRoom("audience api://AzureADTokenExchange")],
  types: [FEDERATED_CREDENTIAL],
  judge: ({ inputs }, { report }) => {
    const audiences = (inputs as FederatedCredentialInputs).audiences ?? [];
    if (audiences.length !== 1 || audiences[0] !== AUDIENCE) {
      report(
        audiences.length === 0
          ? "names no audience"
          : `has the audiences ${audiences.map((each) => `'${each}'`).join(", ")}`,
      );
    }
  },
});
