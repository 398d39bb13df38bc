import { VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { vaultPurgeProtection } from "./vault-purge-protection";

const vault = (properties: object): { type: string; inputs: object } => ({ type: VAULT, inputs: { properties } });

testRule(vaultPurgeProtection, {
  violations: [
    {
      what: "a vault that can be purged",
      given: vault({ enablePurgeProtection: false }),
      says: "Vault 'sales' is not protected against purging",
    },
    {
      what: "a vault without soft delete",
      given: vault({ enablePurgeProtection: true, enableSoftDelete: false }),
      says: "Vault 'sales' has soft delete turned off",
    },
    {
      what: "a short retention",
      given: vault({ enablePurgeProtection: true, softDeleteRetentionInDays: 7 }),
      says: "Vault 'sales' keeps what is deleted for 7 days only. Set softDeleteRetentionInDays to 30 or more.",
    },
  ],
  complies: [
    { what: "a protected vault", given: vault({ enablePurgeProtection: true, softDeleteRetentionInDays: 90 }) },
    { what: "the retention that Azure fills in", given: vault({ enablePurgeProtection: true }) },
  ],
  unknown: {
    what: "a vault's protection",
    given: vault({ enablePurgeProtection: UNKNOWN }),
    path: "properties.enablePurgeProtection of Vault 'sales'",
  },
  missing: {
    what: "a vault that says nothing",
    given: { type: VAULT, inputs: {} },
    says: "Vault 'sales' is not protected against purging",
  },
});
