// The blob service of a storage account: there is one, always, so a PUT sets what it does and deleting leaves it. That it
// keeps earlier versions and what is deleted is remembered; the emulator behind the data plane keeps none, and nothing here reads them.
import { ServiceError } from "../../http";
import { type Cloud, integer, type Model, object, required, text, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import { requireParent, without } from "./arm";
import { accountPath } from "./storage-account";

export const blobService: Model = {
  type: tokens.blobService,
  file: "sandbox/clouds/azure/blob-service.ts",
  inputs: {
    accountName: typed,
    blobServicesName: required(text("default")),
    containerDeleteRetentionPolicy: object({ days: integer(1, 365), enabled: typed }),
    deleteRetentionPolicy: object({ days: integer(1, 365), enabled: typed }),
    isVersioningEnabled: typed,
    resourceGroupName: typed,
  },
  replaceOn: ["accountName", "blobServicesName", "resourceGroupName"],
  computed: ["azureApiVersion", "type"],
  echo: (inputs) => ({ ...without(inputs, "accountName", "blobServicesName", "resourceGroupName"), name: "default" }),
  create: (cloud, inputs) => {
    const { id } = accountOf(cloud, inputs);
    const outputs = { azureApiVersion: "2024-01-01", type: "Microsoft.Storage/storageAccounts/blobServices" };
    return Promise.resolve({ id: `${id}/blobServices/default`, outputs });
  },
  update: (cloud, _, inputs) => {
    accountOf(cloud, inputs);
    return Promise.resolve({ outputs: {} });
  },
};

/** @throws ServiceError 409 where the account has a hierarchical namespace, which knows no versions */
function accountOf(cloud: Cloud, { resourceGroupName, accountName, isVersioningEnabled }: Properties): Resource {
  const account = requireParent(cloud, tokens.storageAccount, resourceGroupName, accountPath(accountName));
  if (isVersioningEnabled === true && account.inputs.isHnsEnabled === true) {
    throw new ServiceError(
      409,
      "FeatureNotSupportedForAccount",
      "Blob versioning is not supported for the account: it has a hierarchical namespace.",
    );
  }
  return account;
}
