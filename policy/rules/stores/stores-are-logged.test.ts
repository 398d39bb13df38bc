import { BUCKET_LOGGINGS, BUCKETS } from "../../resources/aws";
import { DIAGNOSTIC_SETTING, STORAGE_ACCOUNT, VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { storesAreLogged } from "./stores-are-logged";

const ID = "/subscriptions/1/resourceGroups/g/providers";
const vault = { type: VAULT, inputs: { vaultName: "sales1" } };
const account = { type: STORAGE_ACCOUNT, inputs: { accountName: "sales1" } };
const bucket = { type: BUCKETS[0], inputs: { bucket: "members" } };
const diagnostics = (resourceUri: unknown, enabled = true): { type: string; name: string; inputs: object } => ({
  type: DIAGNOSTIC_SETTING,
  name: "logs",
  inputs: { resourceUri, logs: [{ categoryGroup: "audit", enabled }] },
});
const logging = { type: BUCKET_LOGGINGS[0], name: "logging", inputs: { bucket: "members", targetBucket: "logs" } };

testRule(storesAreLogged, {
  violations: [
    { what: "a vault without logs", given: vault, says: "Vault 'sales' does not log who uses it" },
    {
      what: "a vault whose logs are turned off",
      given: [vault, diagnostics(`${ID}/Microsoft.KeyVault/vaults/sales1`, false)],
      says: "Vault 'sales' does not log who uses it",
    },
    {
      what: "an account beside a vault of its name that has logs",
      given: [account, diagnostics(`${ID}/Microsoft.KeyVault/vaults/sales1`)],
      says: "Storage account 'sales' does not log who uses it",
    },
    { what: "a bucket without logs", given: bucket, says: "Bucket 'sales' does not log who reads it" },
  ],
  complies: [
    { what: "a vault with logs", given: [vault, diagnostics(`${ID}/Microsoft.KeyVault/vaults/sales1`)] },
    {
      what: "an account whose blobs have logs",
      given: [account, diagnostics(`${ID}/Microsoft.Storage/storageAccounts/sales1/blobServices/default`)],
    },
    {
      what: "a vault whose id is not known yet",
      given: [vault, { ...diagnostics(UNKNOWN), from: { resourceUri: ["sales"] } }],
    },
    {
      what: "a bucket with logs, and the bucket that they go to",
      given: [bucket, logging, { type: BUCKETS[0], name: "target", inputs: { bucket: "logs" } }],
    },
    {
      what: "logs that something else writes",
      given: vault,
      settings: { loggedBy: "Azure Policy of the platform team" },
    },
  ],
  unknown: { what: "what is logged", given: [vault, diagnostics(UNKNOWN)], path: "resourceUri of Vault 'sales'" },
  missing: {
    what: "a setting without logs",
    given: [
      vault,
      { type: DIAGNOSTIC_SETTING, name: "logs", inputs: { resourceUri: `${ID}/Microsoft.KeyVault/vaults/sales1` } },
    ],
    says: "Vault 'sales' does not log who uses it",
  },
});
