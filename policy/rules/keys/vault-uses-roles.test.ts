import { VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { vaultUsesRoles } from "./vault-uses-roles";

const vault = (properties: object): { type: string; inputs: object } => ({ type: VAULT, inputs: { properties } });

testRule(vaultUsesRoles, {
  violations: [
    {
      what: "access policies",
      given: vault({ enableRbacAuthorization: false, accessPolicies: [] }),
      says: "Vault 'sales' works with access policies",
    },
    {
      what: "access policies in an older version of the type",
      given: { ...vault({ enableRbacAuthorization: false }), type: "azure-native:keyvault/v20230701:Vault" },
      says: "Vault 'sales' works with access policies",
    },
  ],
  complies: [{ what: "roles", given: vault({ enableRbacAuthorization: true }) }],
  unknown: {
    what: "a vault's properties",
    given: { type: VAULT, inputs: { properties: UNKNOWN } },
    path: "properties of Vault 'sales'",
  },
  missing: {
    what: "a vault that says nothing",
    given: { type: VAULT },
    says: "Vault 'sales' works with access policies",
  },
});
