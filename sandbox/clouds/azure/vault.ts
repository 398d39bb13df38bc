// Key vaults with role based access: a name that the whole of Azure shares, and that a deleted vault keeps until its
// retention is over.
import { ServiceError } from "../../http";
import * as facts from "../facts-of";
import {
  anything,
  type Cloud,
  type CloudFunction,
  type Current,
  integer,
  list,
  type Model,
  object,
  required,
  text,
  typed,
} from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import {
  badRequest,
  find,
  locationOf,
  named,
  notFound,
  requireAbsent,
  requireGroup,
  resourceId,
  systemData,
  topLevelName,
  withLocation,
  without,
} from "./arm";
import { requireUnlocked } from "./management-lock";
import { checkNetwork, vaultRules } from "./network";
import { normalised } from "../protocol";

const TYPE = "Microsoft.KeyVault/vaults";
const DAY = 24 * 60 * 60 * 1000;
const file = "sandbox/clouds/azure/vault.ts";

export const vaultPath = (name: unknown): string => `${TYPE}/${String(name)}`;

interface VaultProperties {
  readonly createMode?: string;
  readonly enableRbacAuthorization?: boolean;
  readonly enablePurgeProtection?: boolean;
  readonly enableSoftDelete?: boolean;
  readonly sku: { readonly name: string };
  readonly softDeleteRetentionInDays?: number;
}

export const vault: Model = {
  type: tokens.vault,
  file,
  inputs: {
    location: required(typed),
    properties: object({
      // Only none: rights in the sandbox's vaults are roles.
      accessPolicies: list(anything),
      createMode: text("default", "recover"),
      enablePurgeProtection: typed,
      enableRbacAuthorization: typed,
      enableSoftDelete: typed,
      enabledForDeployment: typed,
      enabledForDiskEncryption: typed,
      enabledForTemplateDeployment: typed,
      networkAcls: vaultRules,
      publicNetworkAccess: text("Enabled", "enabled", "Disabled", "disabled"),
      sku: object({ family: text("A"), name: text("standard", "premium") }),
      softDeleteRetentionInDays: integer(7, 90),
      tenantId: typed,
    }),
    resourceGroupName: typed,
    tags: typed,
    vaultName: typed,
  },
  autoname: topLevelName("vaultName"),
  replaceOn: ["resourceGroupName", "vaultName"],
  computed: ["azureApiVersion", "properties.provisioningState", "properties.vaultUri", "systemData", "type"],
  changing: ["systemData"],
  complete: withLocation,
  validate: ({ vaultName }) =>
    named(
      "vaultName",
      vaultName,
      /^(?=.{3,24}$)[a-zA-Z](-?[a-zA-Z0-9])+$/,
      "3 to 24 letters, digits and single hyphens, the first a letter, the last a letter or digit",
    ),
  echo: (inputs) => ({
    ...without(inputs, "resourceGroupName", "vaultName"),
    name: inputs.vaultName,
    properties: responseOf(inputs.properties),
  }),
  create: async (cloud, inputs) => {
    requireGroup(cloud, inputs.resourceGroupName);
    const { collaborator } = cloud;
    const id = resourceId(cloud, inputs.resourceGroupName, vaultPath(inputs.vaultName));
    requireAbsent(cloud, tokens.vault, id);
    checkProperties(cloud, inputs);
    await checkName(cloud, id, inputs);
    const outputs = { ...fixed, location: locationOf(inputs, TYPE), systemData: systemData(cloud) };
    const properties = { ...(responseOf(inputs.properties) as Properties) };
    const resource: Resource = {
      owner: collaborator.name,
      type: tokens.vault,
      id,
      inputs,
      outputs: { name: inputs.vaultName, properties },
    };
    const { vaultUri } = await cloud.state.hooks.vaultCreated(facts.vault(resource));
    return { id, outputs: { ...outputs, properties: { ...properties, provisioningState: "Succeeded", vaultUri } } };
  },
  update: (cloud, current, inputs) => {
    checkProperties(cloud, inputs);
    checkChange(current, inputs);
    // Left out, it stays: purge protection is never taken away.
    const { enablePurgeProtection } = current.outputs.properties as VaultProperties;
    const kept = enablePurgeProtection === true ? { properties: { enablePurgeProtection } } : {};
    return Promise.resolve({ outputs: { ...kept, systemData: systemData(cloud, current.outputs.systemData) } });
  },
  delete: async (cloud, { id }) => {
    requireUnlocked(cloud, id);
    const found = find(cloud, tokens.vault, id);
    if (found !== undefined) await deleteVault(cloud, found);
    return "kept";
  },
};

const fixed = { azureApiVersion: "2024-11-01", type: TYPE };

/** Soft-deletes: keys and secrets go with it and come back with it; role assignments on it are gone. */
export async function deleteVault({ state, clock }: Cloud, resource: Resource): Promise<void> {
  const { records, hooks } = state;
  const vaultFacts = facts.vault(resource);
  await hooks.vaultDeleted(vaultFacts);
  const below = `${resource.id.toLowerCase()}/`;
  for (const each of records.all()) {
    if (each.owner === resource.owner && each.id.toLowerCase().startsWith(below)) await records.delete(each);
  }
  const now = clock().getTime();
  const purgeAt = new Date(now + vaultFacts.retentionDays * DAY).toISOString();
  await records.softDelete({ resource, deletedAt: new Date(now).toISOString(), purgeAt });
}

export const getVault: CloudFunction = {
  token: "azure-native:keyvault:getVault",
  file,
  inputs: { resourceGroupName: typed, vaultName: typed },
  call: (cloud, { resourceGroupName, vaultName }) => {
    const path = vaultPath(vaultName);
    const found = find(cloud, tokens.vault, resourceId(cloud, resourceGroupName, path));
    if (found === undefined) throw notFound(resourceGroupName, path);
    return { ...found.outputs, id: found.id };
  },
};

/** What ARM answers of the given properties: its defaults with them, and not the mode of creation. */
function responseOf(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  const defaults = {
    enableSoftDelete: true,
    enabledForDeployment: false,
    publicNetworkAccess: "Enabled",
    softDeleteRetentionInDays: 90,
  };
  return { ...defaults, ...without(given as Properties, "createMode") };
}

function checkProperties({ collaborator }: Cloud, { properties, vaultName }: Properties): void {
  const given = properties as VaultProperties & {
    readonly tenantId: string;
    readonly accessPolicies?: readonly unknown[];
    readonly networkAcls?: unknown;
  };
  checkNetwork(`Vault ${String(vaultName)}`, given.networkAcls);
  if (given.enableRbacAuthorization !== true || (given.accessPolicies ?? []).length > 0) {
    throw badRequest(
      `The sandbox does not model vaults with access policies: set enableRbacAuthorization to true and assign roles (${file}).`,
    );
  }
  if (given.enablePurgeProtection === false) {
    throw badRequest(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (given.enableSoftDelete === false) {
    throw badRequest('The property "enableSoftDelete" can no longer be set to false: every new vault has it enabled.');
  }
  if (given.tenantId !== collaborator.tenantId) {
    throw badRequest(
      `The tenant ID '${given.tenantId}' is not that of the subscription, '${collaborator.tenantId}': the sandbox does not model vaults of other tenants.`,
    );
  }
}

/** @throws ServiceError 409 when the name is taken, or kept by a deleted vault that is not to be recovered */
async function checkName(cloud: Cloud, id: string, { vaultName, properties }: Properties): Promise<void> {
  const { state, clock, collaborator } = cloud;
  const name = String(vaultName);
  if (state.vault(name) !== undefined) {
    throw new ServiceError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    );
  }
  const recover = (properties as VaultProperties).createMode === "recover";
  const deleted = state.records
    .softDeleted(tokens.vault)
    .find(({ resource }) => lastPart(resource.id) === name.toLowerCase());
  if (deleted !== undefined && !state.records.isSettled(deleted.deletedAt, clock())) {
    throw new ServiceError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. (It was deleted at ${deleted.deletedAt}; its name is free to recover a moment later.)`,
    );
  }
  if (deleted !== undefined && deleted.purgeAt <= clock().toISOString()) {
    await state.hooks.vaultPurged(name);
    await state.records.purge(deleted.resource);
  } else if (
    deleted !== undefined &&
    (deleted.resource.owner !== collaborator.name || deleted.resource.id.toLowerCase() !== id.toLowerCase())
  ) {
    throw new ServiceError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    );
  } else if (deleted !== undefined && !recover) {
    throw new ServiceError(
      409,
      "ConflictError",
      `A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete. (${name} was deleted at ${deleted.deletedAt} and is kept until ${deleted.purgeAt}.)`,
    );
  } else if (deleted === undefined && recover) {
    throw new ServiceError(404, "VaultNotFound", `There is no deleted vault '${name}' that could be recovered.`);
  }
}

const lastPart = (id: string): string => id.slice(id.lastIndexOf("/") + 1).toLowerCase();

function checkChange({ id, outputs }: Current, inputs: Properties): void {
  const old = outputs.properties as VaultProperties;
  const now = inputs.properties as VaultProperties;
  if (typeof inputs.location === "string" && normalised(inputs.location) !== outputs.location) {
    const message = `The resource '${id}' already exists in location '${String(outputs.location)}'. A resource with the same name cannot be created in location '${inputs.location}'. Please select a new resource name.`;
    throw new ServiceError(409, "InvalidResourceLocation", message);
  }
  if ((now.softDeleteRetentionInDays ?? old.softDeleteRetentionInDays) !== old.softDeleteRetentionInDays) {
    throw badRequest(`The property "softDeleteRetentionInDays" has been set already and it can't be modified.`);
  }
  if (old.sku.name === "premium" && now.sku.name !== "premium") {
    throw badRequest(`The sandbox does not model the change of a premium vault to ${now.sku.name} (${file}).`);
  }
}
