import { FEDERATED_CREDENTIAL } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { federatedAudience } from "./federated-audience";

const credential = (audiences: unknown): { type: string; inputs: object } => ({
  type: FEDERATED_CREDENTIAL,
  inputs: { audiences },
});

testRule(federatedAudience, {
  violations: [
    {
      what: "another audience",
      given: credential(["https://vault.azure.net"]),
      says: "Federated identity credential 'sales' has the audiences 'https://vault.azure.net'",
    },
    {
      what: "a further audience",
      given: credential(["api://AzureADTokenExchange", "api://other"]),
      says: "Federated identity credential 'sales' has the audiences 'api://AzureADTokenExchange', 'api://other'",
    },
  ],
  complies: [{ what: "the one audience", given: credential(["api://AzureADTokenExchange"]) }],
  unknown: {
    what: "an audience",
    given: credential([UNKNOWN]),
    path: "audiences[0] of Federated identity credential 'sales'",
  },
  missing: {
    what: "a credential without audiences",
    given: { type: FEDERATED_CREDENTIAL },
    says: "Federated identity credential 'sales' names no audience",
  },
});
