// Private endpoints of accounts and vaults, and their names in private zones. There is no network in the sandbox: an
// endpoint's subnet is only looked at, and this machine counts as standing in every network that has one.
import { ServiceError } from "../../http";
import { type Cloud, list, type Model, normalised, object, required, text, textThat, typed } from "../protocol";
import type { Properties } from "../records";
import { tokens } from "../tokens";
import {
  badRequest,
  childName,
  locationOf,
  requireAbsent,
  requireGroup,
  requireParent,
  resourceId,
  topLevelName,
  withLocation,
  without,
} from "./arm";

const TYPE = "Microsoft.Network/privateEndpoints";
const file = "sandbox/clouds/azure/private-endpoint.ts";
const SUBNET =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;
const ZONE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/privateDnsZones\/([^/]+)$/i;

/** What is served privately, by the type of the resource, and the zone that its names belong to (Azure Private Link). */
const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [tokens.storageAccount]: {
    blob: "privatelink.blob.core.windows.net",
    dfs: "privatelink.dfs.core.windows.net",
  },
  [tokens.vault]: { vault: "privatelink.vaultcore.azure.net" },
};

const isSubnet = (value: string): string | undefined =>
  SUBNET.test(value) ? undefined : `${JSON.stringify(value)} is no id of a subnet`;
const isZone = (value: string): string | undefined =>
  ZONE.test(value) ? undefined : `${JSON.stringify(value)} is no id of a private DNS zone`;

const endpointPath = (name: unknown): string => `${TYPE}/${String(name)}`;

export const privateEndpoint: Model = {
  type: tokens.privateEndpoint,
  file,
  inputs: {
    location: typed,
    privateEndpointName: typed,
    privateLinkServiceConnections: list(object({ groupIds: typed, name: typed, privateLinkServiceId: typed })),
    resourceGroupName: typed,
    subnet: required(
      object({
        id: required(textThat(isSubnet)),
        // What the SDK fills in.
        privateEndpointNetworkPolicies: text("Disabled"),
        privateLinkServiceNetworkPolicies: text("Enabled"),
      }),
    ),
    tags: typed,
  },
  autoname: topLevelName("privateEndpointName"),
  replaceOn: ["location", "privateEndpointName", "privateLinkServiceConnections", "resourceGroupName", "subnet"],
  computed: ["azureApiVersion", "etag", "networkInterfaces", "provisioningState", "type"],
  complete: withLocation,
  echo: (inputs) => ({
    ...without(inputs, "privateEndpointName", "resourceGroupName"),
    name: inputs.privateEndpointName,
  }),
  create: (cloud, inputs) => {
    requireGroup(cloud, inputs.resourceGroupName);
    const id = resourceId(cloud, inputs.resourceGroupName, endpointPath(inputs.privateEndpointName));
    requireAbsent(cloud, tokens.privateEndpoint, id);
    connectionOf(cloud, inputs);
    const outputs = {
      azureApiVersion: "2024-05-01",
      etag: 'W/"1"',
      location: normalised(locationOf(inputs)),
      networkInterfaces: [],
      provisioningState: "Succeeded",
      type: TYPE,
    };
    return Promise.resolve({ id, outputs });
  },
  update: () => Promise.resolve({ outputs: {} }),
};

interface Connection {
  readonly privateLinkServiceId?: string;
  readonly groupIds?: readonly string[];
}

/** The one thing that is connected. @throws ServiceError 400 or 404 */
function connectionOf({ state, collaborator }: Cloud, { privateLinkServiceConnections }: Properties): string {
  const [connection, ...more] = (privateLinkServiceConnections ?? []) as readonly Connection[];
  const { privateLinkServiceId = "", groupIds = [] } = connection ?? {};
  if (more.length > 0 || groupIds.length !== 1) {
    throw badRequest(`The sandbox models private endpoints with one connection and one group (${file}).`);
  }
  const found = state.records
    .all()
    .find((each) => each.owner === collaborator.name && each.id.toLowerCase() === privateLinkServiceId.toLowerCase());
  if (found === undefined) {
    throw new ServiceError(404, "ResourceNotFound", `The Resource '${privateLinkServiceId}' was not found.`);
  }
  const known = Object.keys(GROUPS[found.type] ?? {});
  if (!known.includes(groupIds[0] ?? "")) {
    const message = `Call to ${privateLinkServiceId} failed. The group id '${groupIds[0] ?? ""}' is none of it; it has: ${known.join(", ") || "none"}.`;
    throw new ServiceError(400, "PrivateEndpointInvalidGroupId", message);
  }
  return groupIds[0] ?? "";
}

export const privateDnsZoneGroup: Model = {
  type: tokens.privateDnsZoneGroup,
  file,
  inputs: {
    privateDnsZoneConfigs: list(object({ name: typed, privateDnsZoneId: required(textThat(isZone)) })),
    privateDnsZoneGroupName: typed,
    privateEndpointName: typed,
    resourceGroupName: typed,
  },
  autoname: childName("privateDnsZoneGroupName"),
  replaceOn: ["privateDnsZoneGroupName", "privateEndpointName", "resourceGroupName"],
  computed: ["azureApiVersion", "etag", "provisioningState"],
  echo: (inputs) => ({
    ...without(inputs, "privateDnsZoneGroupName", "privateEndpointName", "resourceGroupName"),
    name: inputs.privateDnsZoneGroupName,
  }),
  create: (cloud, inputs) => {
    const { resourceGroupName, privateEndpointName, privateDnsZoneGroupName, privateDnsZoneConfigs } = inputs;
    const path = endpointPath(privateEndpointName);
    const endpoint = requireParent(cloud, tokens.privateEndpoint, resourceGroupName, path);
    const group = connectionOf(cloud, endpoint.inputs);
    const expected = Object.values(GROUPS).find((zones) => zones[group] !== undefined)?.[group];
    for (const { privateDnsZoneId } of privateDnsZoneConfigs as readonly { readonly privateDnsZoneId: string }[]) {
      const zone = ZONE.exec(privateDnsZoneId)?.[1];
      if (zone !== expected) {
        throw badRequest(`Names of the group '${group}' are looked up in ${String(expected)}, not in ${String(zone)}.`);
      }
    }
    const id = `${endpoint.id}/privateDnsZoneGroups/${String(privateDnsZoneGroupName)}`;
    return Promise.resolve({
      id,
      outputs: { azureApiVersion: "2024-05-01", etag: 'W/"1"', provisioningState: "Succeeded" },
    });
  },
  update: () => Promise.resolve({ outputs: {} }),
};
