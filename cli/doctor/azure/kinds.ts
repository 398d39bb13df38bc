// What Azure asks for each type of resource that the components create: provider namespace, and the rights of whoever
// creates it. Actions are those of Azure's documentation of resource provider operations.

export interface AzureKind {
  /** Type in Azure Resource Manager: `Microsoft.Storage/storageAccounts`. */
  readonly armType: string;
  /** Actions without which `pulumi up` fails. */
  readonly needed: readonly string[];
  /** Actions without which `pulumi destroy` fails. */
  readonly toDelete: readonly string[];
}

/** Read, write and delete, where Azure Resource Manager deletes it. */
function kind(armType: string, more: readonly string[] = [], toDelete = [`${armType}/delete`]): AzureKind {
  return { armType, needed: [`${armType}/read`, `${armType}/write`, ...more], toDelete };
}

const ACCOUNTS = "Microsoft.Storage/storageAccounts";
const VAULTS = "Microsoft.KeyVault/vaults";
const IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";
const ENDPOINTS = "Microsoft.Network/privateEndpoints";

/** What every dataset in Azure has. */
const usual: Readonly<Record<string, AzureKind>> = {
  "azure-native:resources:ResourceGroup": kind("Microsoft.Resources/subscriptions/resourceGroups"),
  "azure-native:storage:StorageAccount": kind(ACCOUNTS),
  "azure-native:storage:BlobContainer": kind(`${ACCOUNTS}/blobServices/containers`),
  "azure-native:storage:BlobServiceProperties": kind(`${ACCOUNTS}/blobServices`, [], []),
  "azure-native:keyvault:Vault": kind(VAULTS),
  // Keys and secrets are deleted through the vault's data plane, for which the components give the caller a role.
  "azure-native:keyvault:Key": kind(`${VAULTS}/keys`, [], []),
  "azure-native:managedidentity:UserAssignedIdentity": kind(IDENTITIES),
  "azure-native:managedidentity:FederatedIdentityCredential": kind(`${IDENTITIES}/federatedIdentityCredentials`),
  "azure-native:authorization:RoleAssignment": kind("Microsoft.Authorization/roleAssignments"),
};

/** What only some arguments ask for. */
const further: Readonly<Record<string, AzureKind>> = {
  "azure-native:keyvault:Secret": kind(`${VAULTS}/secrets`, [], []),
  "azure-native:keyvault:ManagedHsm": kind("Microsoft.KeyVault/managedHSMs"),
  "azure-native:storage:Blob": kind(`${ACCOUNTS}/blobServices/containers`, [`${ACCOUNTS}/listKeys/action`], []),
  "azure-native:authorization:ManagementLockAtResourceGroupLevel": kind("Microsoft.Authorization/locks"),
  "azure-native:authorization:ManagementLockByScope": kind("Microsoft.Authorization/locks"),
  "azure-native:monitor:DiagnosticSetting": kind("Microsoft.Insights/diagnosticSettings", [
    "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
  ]),
  "azure-native:network:PrivateEndpoint": kind(ENDPOINTS, [
    "Microsoft.Network/virtualNetworks/subnets/join/action",
    `${ACCOUNTS}/privateEndpointConnectionsApproval/action`,
    `${VAULTS}/privateEndpointConnectionsApproval/action`,
  ]),
  "azure-native:network:PrivateDnsZoneGroup": kind(`${ENDPOINTS}/privateDnsZoneGroups`, [
    "Microsoft.Network/privateDnsZones/join/action",
  ]),
};

const all: Readonly<Record<string, AzureKind>> = { ...usual, ...further };

export const KINDS = {
  /** Pulumi's tokens of what every dataset in Azure has. */
  usual: Object.keys(usual),
  /** Undefined for a type of which this release does not know what it asks for. */
  of: (token: string): AzureKind | undefined => (Object.hasOwn(all, token) ? all[token] : undefined),
} as const;

/** `Microsoft.Storage` */
export const namespaceOf = (armType: string): string => armType.split("/")[0] ?? "";
