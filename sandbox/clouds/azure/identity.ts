// User-assigned managed identities: a client id and a principal that roles and federated credentials are given to.
import { randomUUID } from "node:crypto";
import { type CloudFunction, type Model, required, typed } from "../protocol";
import { tokens } from "../tokens";
import {
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

const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
const file = "sandbox/clouds/azure/identity.ts";

export const identityPath = (name: unknown): string => `${TYPE}/${String(name)}`;

export const identity: Model = {
  type: tokens.identity,
  file,
  inputs: { location: required(typed), resourceGroupName: typed, resourceName: typed, tags: typed },
  autoname: topLevelName("resourceName"),
  replaceOn: ["location", "resourceGroupName", "resourceName"],
  computed: ["azureApiVersion", "clientId", "principalId", "systemData", "tenantId", "type"],
  complete: withLocation,
  validate: ({ resourceName }) =>
    named(
      "resourceName",
      resourceName,
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
      "3 to 128 letters, digits, hyphens and underscores, the first a letter or digit",
    ),
  echo: (inputs) => ({ ...without(inputs, "resourceGroupName", "resourceName"), name: inputs.resourceName }),
  create: (cloud, inputs) => {
    requireGroup(cloud, inputs.resourceGroupName);
    const id = resourceId(cloud, inputs.resourceGroupName, identityPath(inputs.resourceName));
    requireAbsent(cloud, tokens.identity, id);
    const outputs = {
      azureApiVersion: "2023-01-31",
      clientId: randomUUID(),
      principalId: randomUUID(),
      tenantId: cloud.collaborator.tenantId,
      location: locationOf(inputs, TYPE),
      systemData: systemData(cloud),
      type: TYPE,
    };
    return Promise.resolve({ id, outputs });
  },
  update: (cloud, { outputs }) => Promise.resolve({ outputs: { systemData: systemData(cloud, outputs.systemData) } }),
  delete: async ({ state, collaborator }, { id }) => {
    const below = `${id}/federatedIdentityCredentials/`.toLowerCase();
    const credentials = state.records.list(tokens.federatedCredential);
    for (const each of credentials) {
      if (each.owner === collaborator.name && each.id.toLowerCase().startsWith(below)) await state.records.delete(each);
    }
  },
};

export const getIdentity: CloudFunction = {
  token: "azure-native:managedidentity:getUserAssignedIdentity",
  file,
  inputs: { resourceGroupName: typed, resourceName: typed },
  call: (cloud, { resourceGroupName, resourceName }) => {
    const path = identityPath(resourceName);
    const found = find(cloud, tokens.identity, resourceId(cloud, resourceGroupName, path));
    if (found === undefined) throw notFound(resourceGroupName, path);
    return { ...found.outputs, id: found.id };
  },
};
