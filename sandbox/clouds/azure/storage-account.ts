// Storage accounts: a name that the whole of Azure shares, and the endpoint at which their blobs are.
import { ServiceError } from "../../http";
import * as facts from "../facts-of";
import { type Cloud, type CloudFunction, type Model, object, required, text, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import {
  find,
  locationOf,
  named,
  notFound,
  requireAbsent,
  requireGroup,
  resourceId,
  topLevelName,
  withLocation,
  without,
} from "./arm";
import { requireUnlocked } from "./management-lock";
import { accountRules, checkNetwork } from "./network";

const TYPE = "Microsoft.Storage/storageAccounts";
const file = "sandbox/clouds/azure/storage-account.ts";

export const accountPath = (name: unknown): string => `${TYPE}/${String(name)}`;

const encrypted = object({ enabled: typed, keyType: text("Account", "Service") });

export const storageAccount: Model = {
  type: tokens.storageAccount,
  file,
  inputs: {
    accessTier: text("Hot", "Cool", "Cold"),
    accountName: typed,
    allowBlobPublicAccess: typed,
    allowCrossTenantReplication: typed,
    allowSharedKeyAccess: typed,
    defaultToOAuthAuthentication: typed,
    enableHttpsTrafficOnly: typed,
    encryption: object({
      keySource: text("Microsoft.Storage"),
      requireInfrastructureEncryption: typed,
      services: object({ blob: encrypted, file: encrypted, queue: encrypted, table: encrypted }),
    }),
    isHnsEnabled: typed,
    kind: text("StorageV2", "BlockBlobStorage"),
    location: required(typed),
    minimumTlsVersion: text("TLS1_0", "TLS1_1", "TLS1_2"),
    networkRuleSet: accountRules,
    publicNetworkAccess: text("Enabled", "Disabled"),
    resourceGroupName: typed,
    sku: object({
      name: text("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Premium_LRS"),
    }),
    tags: typed,
  },
  autoname: topLevelName("accountName"),
  replaceOn: ["accountName", "isHnsEnabled", "location", "resourceGroupName"],
  computed: [
    "azureApiVersion",
    "creationTime",
    "keyCreationTime",
    "primaryEndpoints",
    "primaryLocation",
    "privateEndpointConnections",
    "provisioningState",
    "sku.tier",
    "statusOfPrimary",
    "type",
  ],
  complete: withLocation,
  validate: ({ accountName }) =>
    named("accountName", accountName, /^[a-z0-9]{3,24}$/, "3 to 24 lower-case letters and digits"),
  echo: (inputs) => ({
    ...defaults,
    ...without(inputs, "accountName", "resourceGroupName"),
    name: inputs.accountName,
  }),
  create: async (cloud, inputs) => {
    requireGroup(cloud, inputs.resourceGroupName);
    const { state, collaborator } = cloud;
    const name = String(inputs.accountName);
    checkNetwork(`Storage account ${name}`, inputs.networkRuleSet);
    const id = resourceId(cloud, inputs.resourceGroupName, accountPath(name));
    requireAbsent(cloud, tokens.storageAccount, id);
    locationOf(inputs, TYPE);
    if (state.storageAccount(name) !== undefined) {
      throw new ServiceError(409, "StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
    }
    const resource: Resource = { owner: collaborator.name, type: tokens.storageAccount, id, inputs, outputs: { name } };
    const endpoints = await state.hooks.accountCreated(facts.account(resource));
    return { id, outputs: responseOf(cloud, inputs, endpoints) };
  },
  update: (_, { outputs }, inputs) => {
    const { accountName, kind, networkRuleSet } = inputs;
    checkNetwork(`Storage account ${String(accountName)}`, networkRuleSet);
    checkFixed(outputs, inputs);
    if (kind !== outputs.kind) {
      throw new ServiceError(
        400,
        "AccountPropertyCannotBeUpdated",
        `The sandbox does not model the change of a storage account's kind from ${String(outputs.kind)} to ${String(kind)} (${file}).`,
      );
    }
    return Promise.resolve({ outputs: {} });
  },
  delete: async (cloud, { id }) => {
    requireUnlocked(cloud, id);
    const found = find(cloud, tokens.storageAccount, id);
    if (found !== undefined) await deleteAccount(cloud, found);
  },
};

const defaults = { accessTier: "Hot", allowBlobPublicAccess: false, enableHttpsTrafficOnly: true };

/** What an account is made with, for good; that names are hierarchical makes another one. @throws ServiceError 400 */
function checkFixed(before: Properties, after: Properties): void {
  const readOnly = [
    ["requireInfrastructureEncryption", (each: Properties) => hasSecondLayer(each)],
    ["sku", (each: Properties) => skuFamily((each.sku as { readonly name: string }).name)],
  ] as const;
  for (const [property, valueOf] of readOnly) {
    if (valueOf(before) === valueOf(after)) continue;
    const why = `The property '${property}' was specified in the input, but it cannot be updated as it is read-only. For more information, see - https://aka.ms/storageaccountupdate`;
    throw new ServiceError(400, "AccountPropertyCannotBeUpdated", why);
  }
}

const hasSecondLayer = ({ encryption }: Properties): boolean =>
  (encryption as { readonly requireInfrastructureEncryption?: boolean } | undefined)?.requireInfrastructureEncryption ??
  false;

/** Copies in another region come and go; between zones and a single place, or to another tier, data would be moved. */
const skuFamily = (name: string): string => `${name.split("_")[0] ?? ""} ${/ZRS$/.test(name) ? "zones" : "one place"}`;

/** With its containers and what they hold, and the role assignments on them. */
export async function deleteAccount({ state }: Cloud, resource: Resource): Promise<void> {
  const { records, hooks } = state;
  const below = `${resource.id.toLowerCase()}/`;
  const inside = records
    .all()
    .filter((each) => each.owner === resource.owner && each.id.toLowerCase().startsWith(below));
  for (const each of inside) {
    if (each.type === tokens.blobContainer) await hooks.containerDeleted(facts.container(each));
    await records.delete(each);
  }
  await hooks.accountDeleted(facts.account(resource));
}

export const getStorageAccount: CloudFunction = {
  token: "azure-native:storage:getStorageAccount",
  file,
  inputs: { accountName: typed, resourceGroupName: typed },
  call: (cloud, { accountName, resourceGroupName }) => {
    const path = accountPath(accountName);
    const found = find(cloud, tokens.storageAccount, resourceId(cloud, resourceGroupName, path));
    if (found === undefined) throw notFound(resourceGroupName, path);
    return { ...found.outputs, id: found.id };
  },
};

/** Blobs and paths are all that is served: other endpoints would lead nowhere. */
function responseOf({ clock }: Cloud, inputs: Properties, primaryEndpoints: Properties): Properties {
  const at = clock().toISOString();
  const location = locationOf(inputs, TYPE);
  const sku = inputs.sku as { readonly name: string };
  return {
    azureApiVersion: "2024-01-01",
    creationTime: at,
    keyCreationTime: { key1: at, key2: at },
    location,
    primaryEndpoints,
    primaryLocation: location,
    privateEndpointConnections: [],
    provisioningState: "Succeeded",
    sku: { ...sku, tier: sku.name.split("_")[0] },
    statusOfPrimary: "available",
    type: TYPE,
  };
}
