// Secrets of a vault through Resource Manager: a PUT adds a version when the value is another one; nobody is ever
// answered the value.
import * as facts from "../facts-of";
import type { SecretFacts, SecretRequest } from "../hooks";
import { type Cloud, integer, type Model, object, required, typed } from "../protocol";
import type { Properties } from "../records";
import { tokens } from "../tokens";
import { childName, find, named, requireParent } from "./arm";
import { requireDataAction } from "./data-action";
import { vaultPath } from "./vault";

const fixed = { azureApiVersion: "2024-11-01", type: "Microsoft.KeyVault/vaults/secrets" };

interface SecretProperties {
  readonly value: string;
  readonly contentType?: string;
  readonly attributes?: { readonly enabled?: boolean; readonly notBefore?: number; readonly expires?: number };
}

export const secret: Model = {
  type: tokens.secret,
  file: "sandbox/clouds/azure/secret.ts",
  inputs: {
    properties: object({
      attributes: object({ enabled: typed, expires: integer(0), notBefore: integer(0) }),
      contentType: typed,
      value: required(typed),
    }),
    resourceGroupName: typed,
    secretName: typed,
    tags: typed,
    vaultName: typed,
  },
  autoname: childName("secretName"),
  replaceOn: ["resourceGroupName", "secretName", "vaultName"],
  computed: [
    "azureApiVersion",
    "location",
    "properties.attributes",
    "properties.secretUri",
    "properties.secretUriWithVersion",
    "type",
  ],
  changing: ["properties.attributes", "properties.secretUriWithVersion"],
  validate: ({ secretName }) =>
    named("secretName", secretName, /^[a-zA-Z0-9-]{1,127}$/, "1 to 127 letters, digits and hyphens"),
  echo: ({ secretName, tags }) => ({ name: secretName, ...(tags !== undefined && { tags }) }),
  create: (cloud, inputs) => put(cloud, inputs),
  update: async (cloud, _, inputs) => ({ outputs: (await put(cloud, inputs)).outputs }),
  read: async (cloud, current) => {
    const parent = find(cloud, tokens.vault, vaultOf(current.id));
    const found = parent && (await cloud.state.hooks.secretRead(facts.vault(parent), String(current.outputs.name)));
    if (found === undefined) return undefined;
    return { inputs: current.inputs, outputs: { ...current.outputs, ...responseOf(found, current.outputs.location) } };
  },
  delete: async (cloud, { id, inputs }) => {
    const parent = find(cloud, tokens.vault, vaultOf(id));
    if (parent === undefined) return;
    requireDataAction(cloud, "Microsoft.KeyVault/vaults/secrets/delete", id);
    await cloud.state.hooks.secretDeleted(facts.vault(parent), String(inputs.secretName));
  },
};

const vaultOf = (id: string): string => id.slice(0, id.lastIndexOf("/secrets/"));

async function put(cloud: Cloud, inputs: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
  const parent = requireParent(cloud, tokens.vault, inputs.resourceGroupName, vaultPath(inputs.vaultName));
  const vault = facts.vault(parent);
  const name = String(inputs.secretName);
  await cloud.state.hooks.secretRecovered(vault, name);
  const made = await cloud.state.hooks.secretPut(vault, name, requestOf(inputs));
  return { id: `${parent.id}/secrets/${name}`, outputs: responseOf(made, parent.outputs.location) };
}

function requestOf({ properties, tags }: Properties): SecretRequest {
  const { value, contentType, attributes } = properties as SecretProperties;
  const { enabled, notBefore: nbf, expires: exp } = attributes ?? {};
  return { value, contentType, attributes: attributes && { enabled, nbf, exp }, tags: tags as SecretRequest["tags"] };
}

function responseOf(
  { secretUri, secretUriWithVersion, contentType, attributes }: SecretFacts,
  location: unknown,
): Properties {
  const { nbf, exp, ...rest } = attributes;
  const times = { ...(nbf !== undefined && { notBefore: nbf }), ...(exp !== undefined && { expires: exp }) };
  const properties = {
    secretUri,
    secretUriWithVersion,
    ...(contentType && { contentType }),
    attributes: { ...rest, ...times },
  };
  return { ...fixed, location, properties };
}
