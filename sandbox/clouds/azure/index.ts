// The provider package azure-native, as far as the sandbox models it.
import type { ProviderPackage } from "../protocol";
import { blobContainer } from "./blob-container";
import { getClientConfig } from "./client-config";
import { federatedCredential } from "./federated-credential";
import { getIdentity, identity } from "./identity";
import { getKey, key } from "./key";
import { resourceGroup } from "./resource-group";
import { roleAssignment } from "./role-assignment";
import { secret } from "./secret";
import { getStorageAccount, storageAccount } from "./storage-account";
import { getVault, vault } from "./vault";

export const azureNative: ProviderPackage = {
  name: "azure-native",
  version: "3.28.0",
  models: [
    resourceGroup,
    identity,
    federatedCredential,
    vault,
    key,
    secret,
    storageAccount,
    blobContainer,
    roleAssignment,
  ],
  functions: [getClientConfig, getIdentity, getVault, getKey, getStorageAccount],
  explain: ({ status, code, message }) =>
    `Status=${status} Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}`,
  notes: (autonamed) => (autonamed === undefined ? {} : { __createBeforeDelete: true }),
  isAutonamed: (inputs) => inputs.__createBeforeDelete === true,
};
