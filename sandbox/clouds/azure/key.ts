// Keys of a vault through Resource Manager: a PUT makes a key and never writes to one that is there; deleting goes
// through the vault's data plane, with the deployer's own role.
import * as facts from "../facts-of";
import type { KeyFacts, KeyRequest } from "../hooks";
import { type Cloud, type CloudFunction, integer, list, type Model, object, required, text, typed } from "../protocol";
import type { Properties } from "../records";
import { tokens } from "../tokens";
import { childName, find, named, notFound, requireParent, resourceId } from "./arm";
import { requireDataAction } from "./data-action";
import { vaultPath } from "./vault";

const file = "sandbox/clouds/azure/key.ts";
const fixed = { azureApiVersion: "2024-11-01", type: "Microsoft.KeyVault/vaults/keys" };

interface KeyProperties {
  readonly kty?: string;
  readonly keySize?: number;
  readonly keyOps?: readonly string[];
  readonly attributes?: {
    readonly enabled?: boolean;
    readonly exportable?: boolean;
    readonly notBefore?: number;
    readonly expires?: number;
  };
  readonly releasePolicy?: { readonly contentType?: string; readonly data?: string };
}

export const key: Model = {
  type: tokens.key,
  file,
  inputs: {
    keyName: typed,
    properties: object({
      attributes: object({ enabled: typed, expires: integer(0), exportable: typed, notBefore: integer(0) }),
      keyOps: list(text("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey")),
      keySize: typed,
      kty: required(text("RSA", "RSA-HSM")),
      releasePolicy: object({ contentType: typed, data: required(typed) }),
    }),
    resourceGroupName: typed,
    tags: typed,
    vaultName: typed,
  },
  autoname: childName("keyName"),
  replaceOn: ["keyName", "resourceGroupName", "vaultName"],
  computed: [
    "attributes",
    "azureApiVersion",
    "keyOps",
    "keySize",
    "keyUri",
    "keyUriWithVersion",
    "kty",
    "location",
    "releasePolicy",
    "type",
  ],
  validate: ({ keyName }) => named("keyName", keyName, /^[a-zA-Z0-9-]{1,127}$/, "1 to 127 letters, digits and hyphens"),
  echo: ({ keyName }) => ({ name: keyName }),
  create: async (cloud, inputs) => {
    const { id, outputs } = await put(cloud, inputs);
    return { id, outputs };
  },
  update: async (cloud, _, inputs) => ({ outputs: (await put(cloud, inputs)).outputs }),
  read: async (cloud, current) => {
    const parent = find(cloud, tokens.vault, vaultOf(current.id));
    const found = parent && (await cloud.state.hooks.keyRead(facts.vault(parent), String(current.outputs.name)));
    if (found === undefined) return undefined;
    const { location, name, releasePolicy: before } = current.outputs;
    const outputs: Properties = { ...responseOf(found, location), name };
    // Whoever changed the policy in the vault changed what the program had asked for.
    const moved = dataOf(before) !== dataOf(outputs.releasePolicy);
    const properties = { ...(current.inputs.properties as KeyProperties), releasePolicy: outputs.releasePolicy };
    return { inputs: moved ? { ...current.inputs, properties } : current.inputs, outputs };
  },
  delete: async (cloud, { id, inputs }) => {
    const parent = find(cloud, tokens.vault, vaultOf(id));
    if (parent === undefined) return;
    requireDataAction(cloud, "Microsoft.KeyVault/vaults/keys/delete", id);
    await cloud.state.hooks.keyDeleted(facts.vault(parent), String(inputs.keyName));
  },
};

export const getKey: CloudFunction = {
  token: "azure-native:keyvault:getKey",
  file,
  inputs: { keyName: typed, resourceGroupName: typed, vaultName: typed },
  call: async (cloud, { keyName, resourceGroupName, vaultName }) => {
    const parent = requireParent(cloud, tokens.vault, resourceGroupName, vaultPath(vaultName));
    const path = `${vaultPath(vaultName)}/keys/${String(keyName)}`;
    const found = await cloud.state.hooks.keyRead(facts.vault(parent), String(keyName));
    if (found === undefined) throw notFound(resourceGroupName, path);
    const id = resourceId(cloud, resourceGroupName, path);
    return { ...responseOf(found, parent.outputs.location), name: keyName, id };
  },
};

const dataOf = (policy: unknown): unknown => (policy as KeyProperties["releasePolicy"])?.data;
const vaultOf = (id: string): string => id.slice(0, id.lastIndexOf("/keys/"));

async function put(cloud: Cloud, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
  const parent = requireParent(cloud, tokens.vault, inputs.resourceGroupName, vaultPath(inputs.vaultName));
  const vault = facts.vault(parent);
  const name = String(inputs.keyName);
  // What was deleted comes back as it was, and the PUT finds it there.
  await cloud.state.hooks.keyRecovered(vault, name);
  const made = await cloud.state.hooks.keyPut(vault, name, requestOf(inputs));
  return { id: `${parent.id}/keys/${name}`, outputs: responseOf(made, parent.outputs.location) };
}

function requestOf({ properties, tags }: Properties): KeyRequest {
  const { kty = "RSA", keySize, keyOps, attributes, releasePolicy } = properties as KeyProperties;
  const { enabled, exportable, notBefore: nbf, expires: exp } = attributes ?? {};
  const { contentType = "application/json; charset=utf-8", data = "" } = releasePolicy ?? {};
  return {
    kty,
    keySize,
    keyOps,
    attributes: attributes && { enabled, exportable, nbf, exp },
    releasePolicy: releasePolicy && { contentType, data },
    tags: tags as KeyRequest["tags"],
  };
}

function responseOf(found: KeyFacts, location: unknown): Properties {
  const { keyUri, keyUriWithVersion, kty, keySize, keyOps, releasePolicy, tags } = found;
  const { nbf, exp, exportable = false, ...attributes } = found.attributes;
  return {
    ...fixed,
    keyUri,
    keyUriWithVersion,
    kty,
    keySize,
    keyOps,
    location,
    attributes: {
      ...attributes,
      exportable,
      ...(nbf !== undefined && { notBefore: nbf }),
      ...(exp !== undefined && { expires: exp }),
    },
    // Whether it may change is not among what ARM answers.
    ...(releasePolicy && { releasePolicy: { contentType: releasePolicy.contentType, data: releasePolicy.data } }),
    ...(tags && { tags }),
  };
}
