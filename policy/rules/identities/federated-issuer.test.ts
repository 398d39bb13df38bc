import { FEDERATED_CREDENTIAL } from "../../resources/azure";
import { DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { federatedIssuer } from "./federated-issuer";

const OURS = "https://governance.example/app/oidc";
const credential = (issuer: unknown): { type: string; inputs: object } => ({
  type: FEDERATED_CREDENTIAL,
  inputs: { resourceName: "sales-identity", issuer },
});
const document = (issuerUrl: unknown): { type: string; name: string; inputs: object } => ({
  type: DATASET_DOCUMENT,
  name: "document",
  inputs: { identity: { name: "sales-identity", issuerUrl } },
});

testRule(federatedIssuer, {
  violations: [
    {
      what: "an issuer without TLS",
      given: credential("http://governance.example"),
      says: "Federated identity credential 'sales' trusts the issuer 'http://governance.example', which is no https address",
    },
    {
      what: "another issuer than the dataset's",
      given: [credential("https://other.example"), document(OURS)],
      says: `Federated identity credential 'sales' trusts the issuer https://other.example, but Dataset document 'document' names ${OURS}`,
    },
    {
      what: "an issuer that is not allowed",
      given: credential("https://other.example"),
      settings: { issuers: [OURS] },
      says: `Federated identity credential 'sales' trusts the issuer https://other.example; allowed are ${OURS}`,
    },
  ],
  complies: [
    { what: "the dataset's issuer", given: [credential(OURS), document(OURS)], settings: { issuers: [OURS] } },
  ],
  unknown: {
    what: "the dataset's issuer",
    given: [credential(OURS), document(UNKNOWN)],
    path: "identity.issuerUrl of Dataset document 'document'",
  },
  missing: {
    what: "a credential without an issuer",
    given: { type: FEDERATED_CREDENTIAL },
    says: "Federated identity credential 'sales' trusts the issuer '', which is no https address",
  },
});
