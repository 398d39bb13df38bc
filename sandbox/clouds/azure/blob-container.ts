// Blob containers of a storage account: private, or open to everybody where the account allows that.
import { createHash } from "node:crypto";
import { ServiceError } from "../../http";
import * as facts from "../facts-of";
import { type Cloud, type Model, text, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import { childName, find, named, requireAbsent, requireParent, without } from "./arm";
import { requireUnlocked } from "./management-lock";
import { accountPath } from "./storage-account";

const file = "sandbox/clouds/azure/blob-container.ts";

export const blobContainer: Model = {
  type: tokens.blobContainer,
  file,
  inputs: {
    accountName: typed,
    containerName: typed,
    defaultEncryptionScope: text("$account-encryption-key"),
    denyEncryptionScopeOverride: typed,
    metadata: typed,
    publicAccess: text("None", "Blob", "Container"),
    resourceGroupName: typed,
  },
  autoname: childName("containerName"),
  replaceOn: ["accountName", "containerName", "resourceGroupName"],
  computed: [
    "azureApiVersion",
    "deleted",
    "etag",
    "hasImmutabilityPolicy",
    "hasLegalHold",
    "lastModifiedTime",
    "leaseState",
    "leaseStatus",
    "remainingRetentionDays",
    "type",
  ],
  changing: ["etag", "lastModifiedTime"],
  validate: ({ containerName }) =>
    named(
      "containerName",
      containerName,
      /^(?=.{3,63}$)(\$root|[a-z0-9](-?[a-z0-9])+)$/,
      "3 to 63 lower-case letters, digits and single hyphens between them",
    ),
  echo: (inputs) => ({
    ...defaults,
    ...without(inputs, "accountName", "containerName", "resourceGroupName"),
    name: inputs.containerName,
  }),
  create: async (cloud, inputs) => {
    const { accountName, containerName } = inputs;
    const account = accountOf(cloud, inputs);
    const id = `${account.id}/blobServices/default/containers/${String(containerName)}`;
    requireAbsent(cloud, tokens.blobContainer, id);
    checkAccess(account, inputs);
    await cloud.state.hooks.containerCreated({ account: String(accountName), name: String(containerName), id });
    return { id, outputs: { ...fixed, ...stamp(cloud, id) } };
  },
  update: (cloud, { id }, inputs) => {
    checkAccess(accountOf(cloud, inputs), inputs);
    return Promise.resolve({ outputs: stamp(cloud, id) });
  },
  delete: async (cloud, { id }) => {
    requireUnlocked(cloud, id);
    const found = find(cloud, tokens.blobContainer, id);
    if (found !== undefined) await cloud.state.hooks.containerDeleted(facts.container(found));
  },
};

const defaults = {
  defaultEncryptionScope: "$account-encryption-key",
  denyEncryptionScopeOverride: false,
  publicAccess: "None",
};

const fixed = {
  azureApiVersion: "2024-01-01",
  deleted: false,
  hasImmutabilityPolicy: false,
  hasLegalHold: false,
  leaseState: "Available",
  leaseStatus: "Unlocked",
  remainingRetentionDays: 0,
  type: "Microsoft.Storage/storageAccounts/blobServices/containers",
};

const accountOf = (cloud: Cloud, { resourceGroupName, accountName }: Properties): Resource =>
  requireParent(cloud, tokens.storageAccount, resourceGroupName, accountPath(accountName));

/** @throws ServiceError 409 where the account forbids it */
function checkAccess({ outputs }: Resource, { publicAccess = "None" }: Properties): void {
  if (publicAccess === "None") return;
  if (outputs.allowBlobPublicAccess === true) return;
  throw new ServiceError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
}

function stamp({ clock }: Cloud, id: string): Properties {
  const at = clock().toISOString();
  const etag = createHash("sha256").update(`${id} ${at}`).digest("hex").slice(0, 15).toUpperCase();
  return { etag: `"0x${etag}"`, lastModifiedTime: at };
}
