// The provider package azure-native, as far as the sandbox models it.
import type { ProviderPackage } from "../protocol";
import { blobContainer } from "./blob-container";
import { getClientConfig } from "./client-config";
import { blobService } from "./blob-service";
import { federatedCredential } from "./federated-credential";
import { getIdentity, identity } from "./identity";
import { getKey, key } from "./key";
import { diagnosticSetting } from "./diagnostic-setting";
import { managementLock } from "./management-lock";
import { privateDnsZoneGroup, privateEndpoint } from "./private-endpoint";
import { resourceGroup } from "./resource-group";
import { roleAssignment } from "./role-assignment";
import { secret } from "./secret";
import { getStorageAccount, storageAccount } from "./storage-account";
import { getVault, vault } from "./vault";
import { wording } from "./wording";

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
    blobService,
    roleAssignment,
    managementLock,
    diagnosticSetting,
    privateEndpoint,
    privateDnsZoneGroup,
  ],
  functions: [getClientConfig, getIdentity, getVault, getKey, getStorageAccount],
  explain: ({ status, code, message }) =>
    `Status=${status} Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}`,
  wording,
  naming: {
    keeps: (before, property) => before[property] !== undefined,
    notes: (chosen, before) => {
      const isOwn = before === undefined ? chosen?.unique === true : before.__createBeforeDelete === true;
      return isOwn ? { __createBeforeDelete: true } : {};
    },
    deletesFirst: (_, after) => after.__createBeforeDelete !== true,
  },
};
