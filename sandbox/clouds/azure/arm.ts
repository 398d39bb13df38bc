// Azure Resource Manager's common rules: ids, names, resource groups, who acts, and how it refuses.
import { ServiceError } from "../../http";
import type { Autoname, Cloud, Failure } from "../protocol";
import { isUnknown, normalised, UNKNOWN } from "../protocol";
import type { Properties, Resource } from "../records";
import { requireRegion } from "./regions";

export const GROUP = "azure-native:resources:ResourceGroup";

/** Of what stands directly in a resource group. */
export const topLevelName = (property: string): Autoname => ({
  property,
  unique: true,
  make: (name, random) => name + random(8),
});

/** Of what stands below another resource: the program's own name. */
export const childName = (property: string): Autoname => ({ property, unique: false, make: (name) => name });

export const subscriptionScope = ({ collaborator }: Cloud): string => `/subscriptions/${collaborator.subscriptionId}`;

export const groupId = (cloud: Cloud, group: unknown): string =>
  `${subscriptionScope(cloud)}/resourceGroups/${String(group)}`;

/** @param path provider, type and name, such as `Microsoft.KeyVault/vaults/x` */
export const resourceId = (cloud: Cloud, group: unknown, path: string): string =>
  `${groupId(cloud, group)}/providers/${path}`;

/** @throws ServiceError 404 ResourceGroupNotFound */
export function requireGroup(cloud: Cloud, group: unknown): Resource {
  const found = find(cloud, GROUP, groupId(cloud, group));
  if (found !== undefined) return found;
  throw new ServiceError(404, "ResourceGroupNotFound", `Resource group '${String(group)}' could not be found.`);
}

export const find = (cloud: Cloud, type: string, id: string): Resource | undefined =>
  cloud.state.records.get({ owner: cloud.collaborator.name, type, id });

/** @param path as of `resourceId`. @throws ServiceError 404 */
export function requireParent(cloud: Cloud, type: string, group: unknown, path: string): Resource {
  requireGroup(cloud, group);
  const found = find(cloud, type, resourceId(cloud, group, path));
  if (found === undefined) throw notFound(group, path);
  return found;
}

export const notFound = (group: unknown, path: string): ServiceError =>
  new ServiceError(
    404,
    "ResourceNotFound",
    `The Resource '${path}' under resource group '${String(group)}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

/** The provider asks before it writes, so that it takes over nothing that it has not made. */
export function requireAbsent(cloud: Cloud, type: string, id: string): void {
  if (find(cloud, type, id) !== undefined) {
    throw new Error(`cannot create already existing resource '${id}'; pulumi import takes it over`);
  }
}

/** Old inputs first, then the provider's configuration, then the resource group's. */
export function withLocation(cloud: Cloud, inputs: Properties, before: Properties): Properties {
  if (inputs.location != null) return inputs;
  const group = inputs.resourceGroupName;
  const location = before.location ?? cloud.config.location ?? (isUnknown(group) ? group : groupLocation(cloud, group));
  return location === undefined ? inputs : { ...inputs, location };
}

/** Of a group that is made in the same run nobody knows it yet. */
function groupLocation(cloud: Cloud, group: unknown): unknown {
  if (group === undefined) return undefined;
  const found = find(cloud, GROUP, groupId(cloud, group));
  return found === undefined ? UNKNOWN : found.outputs.location;
}

/** @param type as of `requireRegion`. @throws ServiceError 400 for no region of Azure */
export function locationOf(inputs: Properties, type?: string): string {
  const location = normalised(String(inputs.location));
  requireRegion(location, type);
  return location;
}

/** Who made and last changed something, as ARM notes it. */
export function systemData(cloud: Cloud, before?: unknown): Properties {
  const at = cloud.clock().toISOString();
  const created = (before as Properties | undefined) ?? {};
  return {
    createdAt: created.createdAt ?? at,
    createdBy: created.createdBy ?? cloud.collaborator.upn,
    createdByType: "User",
    lastModifiedAt: at,
    lastModifiedBy: cloud.collaborator.upn,
    lastModifiedByType: "User",
  };
}

/** A rule of names, where the name is known already. */
export const named = (property: string, value: unknown, allowed: RegExp, says: string): readonly Failure[] =>
  typeof value !== "string" || isUnknown(value) || allowed.test(value)
    ? []
    : [{ property, reason: `${JSON.stringify(value)} cannot be a name here: ${says}` }];

export const without = (inputs: Properties, ...keys: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !keys.includes(key) && !key.startsWith("__")));

export const badRequest = (message: string): ServiceError => new ServiceError(400, "BadRequest", message);
