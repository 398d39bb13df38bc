import { FEDERATED_CREDENTIAL } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { federatedSubject } from "./federated-subject";

const OWNER = "c0a70550-0000-4000-8000-0000000000a1";

const credential = (
  subject: unknown,
  issuer: unknown = "https://governance.example/app/oidc",
): { type: string; inputs: object } => ({
  type: FEDERATED_CREDENTIAL,
  inputs: { subject, issuer },
});

testRule(federatedSubject, {
  violations: [
    {
      what: "a subject of a pipeline",
      given: credential("repo:contosso/cleanroom:ref:refs/heads/main"),
      says: "Federated identity credential 'sales' trusts the subject 'repo:contosso/cleanroom:ref:refs/heads/main', which is not a contract's id and an owner's object id",
    },
    {
      what: "any owner",
      given: credential("analytics-*"),
      says: "Federated identity credential 'sales' trusts the subject 'analytics-*', which is not a contract's id and an owner's object id",
    },
    {
      what: "another contract",
      given: credential(`other-${OWNER}`),
      settings: { contractId: "analytics" },
      says: "Federated identity credential 'sales' trusts the clean room of the contract 'other', and ours is 'analytics'",
    },
  ],
  complies: [
    { what: "contract and owner", given: credential(`analytics-${OWNER}`), settings: { contractId: "analytics" } },
    {
      what: "a pipeline's own credential",
      given: credential(
        "repo:contosso/cleanroom:environment:production",
        "https://token.actions.githubusercontent.com",
      ),
    },
  ],
  unknown: { what: "a subject", given: credential(UNKNOWN), path: "subject of Federated identity credential 'sales'" },
  missing: {
    what: "a credential without a subject",
    given: { type: FEDERATED_CREDENTIAL },
    says: "Federated identity credential 'sales' trusts the subject '', which is not a contract's id and an owner's object id",
  },
});
