import { VAULT_SECRET } from "../../resources/azure";
import { CONTRACT_SECRET, DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN, secret } from "../../../test/helpers/rule-cases";
import { dekStaysInVault } from "./dek-stays-in-vault";

const DEK = Buffer.alloc(32, 7).toString("base64");
const document = (dek: unknown): { type: string; inputs: object } => ({ type: DATASET_DOCUMENT, inputs: { dek } });
const command = (inputs: object): { type: string; inputs: object } => ({ type: "command:local:Command", inputs });

testRule(dekStaysInVault, {
  violations: [
    {
      what: "a key in an environment, even a secret one",
      given: command({ environment: { DEK: secret(DEK) } }),
      says: "Command 'sales' holds what looks like a data encryption key (base64 of 32 bytes) in environment.DEK",
    },
    {
      what: "a plain key on its way to governance",
      given: { type: CONTRACT_SECRET, inputs: { value: DEK } },
      says: "Contract secret 'sales' holds what looks like a data encryption key (base64 of 32 bytes) in value",
    },
    {
      what: "a dataset whose key is in neither",
      given: document({ secretId: "dek" }),
      says: "Dataset document 'sales' has a dek that is neither a vault's secret (secretId, keyVaultUrl) nor a governance secret (cgsSecretId)",
    },
  ],
  complies: [
    { what: "a governance secret", given: { type: CONTRACT_SECRET, inputs: { value: secret(DEK) } } },
    { what: "a vault's secret", given: { type: VAULT_SECRET, inputs: { properties: { value: secret(DEK) } } } },
    { what: "an upload's standard input", given: command({ stdin: secret(DEK), triggers: ["ab".repeat(32)] }) },
    {
      what: "a dataset whose key is in a vault",
      given: document({ secretId: "wrapped", keyVaultUrl: "https://v.vault.azure.net/" }),
    },
    {
      what: "a secret of the stack's configuration",
      given: { type: "pulumi:providers:pulumi-nodejs", inputs: { "cleanroom:encryptionKey": secret(DEK) } },
    },
    { what: "a digest of the same form", given: command({ environment: { SHA256: DEK } }) },
  ],
  unknown: { what: "a dataset's key", given: document(UNKNOWN), path: "dek of Dataset document 'sales'" },
  missing: { what: "a dataset without a key", given: document(undefined), says: undefined },
});
