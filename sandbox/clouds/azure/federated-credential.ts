// Federated credentials of a managed identity: one write at a time, at most twenty, each issuer and subject once.
import { setTimeout as wait } from "node:timers/promises";
import { ServiceError } from "../../http";
import { type Cloud, type Failure, isUnknown, list, type Model, textThat, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import { badRequest, childName, find, named, requireAbsent, requireParent, systemData, without } from "./arm";
import { identityPath } from "./identity";

const TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";
const LIMIT = 20;
/** How long a write takes, in milliseconds: in it a second one is refused. */
const WRITING = 100;

const isUrl = (value: string): string | undefined =>
  /^https:\/\/\S+$/.test(value) ? undefined : `${JSON.stringify(value)} is not an https URL`;
const notBlank = (value: string): string | undefined =>
  value.trim() === value && value !== "" ? undefined : `${JSON.stringify(value)} is empty or has spaces around it`;

export const federatedCredential: Model = {
  type: tokens.federatedCredential,
  file: "sandbox/clouds/azure/federated-credential.ts",
  inputs: {
    audiences: list(textThat(notBlank)),
    federatedIdentityCredentialResourceName: typed,
    issuer: textThat(isUrl),
    resourceGroupName: typed,
    resourceName: typed,
    subject: textThat(notBlank),
  },
  autoname: childName("federatedIdentityCredentialResourceName"),
  replaceOn: ["resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName"],
  computed: ["azureApiVersion", "systemData", "type"],
  concurrent: true,
  validate: ({ federatedIdentityCredentialResourceName: name, audiences }) => [
    ...named(
      "federatedIdentityCredentialResourceName",
      name,
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/,
      "3 to 120 letters, digits, hyphens and underscores, the first a letter or digit",
    ),
    ...oneAudience(audiences),
  ],
  echo: (inputs) => ({
    ...without(inputs, "resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName"),
    name: inputs.federatedIdentityCredentialResourceName,
  }),
  create: (cloud, inputs) => {
    const identity = identityOf(cloud, inputs);
    const id = `${identity.id}/federatedIdentityCredentials/${String(inputs.federatedIdentityCredentialResourceName)}`;
    return writing(cloud, identity.id, () => {
      requireAbsent(cloud, tokens.federatedCredential, id);
      const others = siblings(cloud, identity.id, id);
      if (others.length >= LIMIT) {
        throw badRequest(
          `Too many Federated Identity Credentials for the managed identity '${identity.id}': at most ${LIMIT}.`,
        );
      }
      checkUnique(others, inputs);
      return { id, outputs: { azureApiVersion: "2023-01-31", systemData: systemData(cloud), type: TYPE } };
    });
  },
  update: (cloud, { id, outputs }, inputs) => {
    const identity = identityOf(cloud, inputs);
    return writing(cloud, identity.id, () => {
      checkUnique(siblings(cloud, identity.id, id), inputs);
      return { outputs: { systemData: systemData(cloud, outputs.systemData) } };
    });
  },
  delete: async (cloud, { id }) => {
    const identity = id.slice(0, id.lastIndexOf("/federatedIdentityCredentials/"));
    if (find(cloud, tokens.identity, identity) !== undefined) await writing(cloud, identity, () => undefined);
  },
};

const identityOf = (cloud: Cloud, { resourceGroupName, resourceName }: Properties): Resource =>
  requireParent(cloud, tokens.identity, resourceGroupName, identityPath(resourceName));

const oneAudience = (audiences: unknown): readonly Failure[] =>
  !Array.isArray(audiences) || isUnknown(audiences) || audiences.length === 1
    ? []
    : [{ property: "audiences", reason: `exactly one audience is allowed, not ${audiences.length}` }];

/** @throws ServiceError 409 when another write of the same identity has not ended */
async function writing<T>({ busy }: Cloud, identity: string, work: () => T): Promise<T> {
  const key = identity.toLowerCase();
  if (busy.has(key)) {
    throw new ServiceError(
      409,
      "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
      `Too many Federated Identity Credentials are written concurrently for the managed identity '${identity}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
    );
  }
  busy.add(key);
  try {
    await wait(WRITING);
    return work();
  } finally {
    busy.delete(key);
  }
}

function siblings({ state, collaborator }: Cloud, identity: string, id: string): readonly Resource[] {
  const below = `${identity}/federatedIdentityCredentials/`.toLowerCase();
  return state.records
    .list(tokens.federatedCredential)
    .filter((each) => each.owner === collaborator.name && each.id.toLowerCase().startsWith(below))
    .filter((each) => each.id.toLowerCase() !== id.toLowerCase());
}

function checkUnique(others: readonly Resource[], { issuer, subject }: Properties): void {
  if (others.some(({ outputs }) => outputs.issuer === issuer && outputs.subject === subject)) {
    throw badRequest("Issuer and subject combination already exists for this Managed Identity.");
  }
}
