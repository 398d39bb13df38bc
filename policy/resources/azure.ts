// What rules read of Azure's resources: inputs of azure-native and azuread. Everything may be missing.
import type { Resource } from "../framework";

export const KEY = "azure-native:keyvault:Key";
export const VAULT = "azure-native:keyvault:Vault";
export const VAULT_SECRET = "azure-native:keyvault:Secret";
export const STORAGE_ACCOUNT = "azure-native:storage:StorageAccount";
export const BLOB_CONTAINER = "azure-native:storage:BlobContainer";
export const BLOB_SERVICE = "azure-native:storage:BlobServiceProperties";
export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
export const FEDERATED_CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
export const ROLE_ASSIGNMENT = "azure-native:authorization:RoleAssignment";
export const ROLE_DEFINITION = "azure-native:authorization:RoleDefinition";
export const DIAGNOSTIC_SETTING = "azure-native:monitor:DiagnosticSetting";
export const APPLICATION = "azuread:index/application:Application";
export const APPLICATION_PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";
export const PRINCIPAL_PASSWORD = "azuread:index/servicePrincipalPassword:ServicePrincipalPassword";

export interface KeyInputs {
  readonly keyName?: string;
  readonly vaultName?: string;
  readonly properties?: {
    readonly kty?: string;
    readonly keySize?: number;
    readonly attributes?: { readonly exportable?: boolean; readonly expires?: number };
    readonly releasePolicy?: { readonly data?: string };
    readonly rotationPolicy?: {
      readonly attributes?: { readonly expiryTime?: string };
      readonly lifetimeActions?: readonly { readonly action?: { readonly type?: string } }[];
    };
  };
}

export interface VaultInputs {
  readonly vaultName?: string;
  readonly properties?: {
    readonly sku?: { readonly name?: string };
    readonly enableRbacAuthorization?: boolean;
    readonly enableSoftDelete?: boolean;
    readonly enablePurgeProtection?: boolean;
    readonly softDeleteRetentionInDays?: number;
    readonly publicNetworkAccess?: string;
    readonly networkAcls?: { readonly defaultAction?: string };
  };
}

export interface StorageAccountInputs {
  readonly accountName?: string;
  readonly location?: string;
  readonly allowBlobPublicAccess?: boolean;
  readonly allowSharedKeyAccess?: boolean;
  readonly enableHttpsTrafficOnly?: boolean;
  readonly minimumTlsVersion?: string;
  readonly publicNetworkAccess?: string;
  readonly networkRuleSet?: { readonly defaultAction?: string };
}

export interface BlobContainerInputs {
  readonly accountName?: string;
  readonly containerName?: string;
  readonly publicAccess?: string;
}

export interface BlobServiceInputs {
  readonly accountName?: string;
  readonly isVersioningEnabled?: boolean;
}

export interface FederatedCredentialInputs {
  readonly resourceName?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
}

export interface RoleAssignmentInputs {
  readonly scope?: string;
  readonly principalId?: string;
  readonly roleDefinitionId?: string;
}

export interface DiagnosticSettingInputs {
  readonly resourceUri?: string;
  readonly logs?: readonly {
    readonly enabled?: boolean;
    readonly category?: string;
    readonly categoryGroup?: string;
  }[];
}

/** Built-in roles by the GUID that ends their id (Azure built-in roles, learn.microsoft.com). */
export const ROLES: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": "Key Vault Crypto Officer",
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
  "08bbd89e-9f13-488c-ac41-acfcb10c90ab": "Key Vault Crypto Service Release User",
  "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
};

/** The role's name, or its id where it is none of those above. */
export function roleOf({ roleDefinitionId }: RoleAssignmentInputs): string {
  const id = roleDefinitionId?.split("/").pop()?.toLowerCase() ?? "";
  return ROLES[id] ?? id;
}

/** Those of the resources that are, or set something, in this account or vault; `property` names it. */
export function inside(store: Resource, property: string, things: readonly Resource[]): readonly Resource[] {
  return things.filter((thing) => {
    if (thing.dependsOn(property, store)) {
      return true;
    }
    const named = thing.inputs[property];
    return typeof named === "string" && nameOf(store) === lastPart(named);
  });
}

/** The name in Azure of an account or vault, as it was asked for or as it is. */
function nameOf({ inputs, outputs }: Resource): unknown {
  return inputs.accountName ?? inputs.vaultName ?? outputs.name;
}

/** A thing is named by its name, or by its resource id. */
const lastPart = (nameOrId: string): string => nameOrId.split("/").pop() ?? "";

/** The release policy that a key's base64url text holds; undefined where it holds none. */
export function parseReleasePolicy(data: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(data ?? "", "base64url").toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The GUID at a subject's end, and what is before it: `<contract id>-<owner's object id>`. */
export function partsOfSubject(subject: string): { readonly contractId: string; readonly ownerId: string } | undefined {
  const [, contractId, ownerId] =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(subject) ?? [];
  return contractId === undefined || ownerId === undefined ? undefined : { contractId, ownerId };
}
