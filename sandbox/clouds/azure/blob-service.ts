// The blob service of a storage account: there is one, always, so a PUT sets what it does and deleting leaves it. That it
// keeps earlier versions is remembered; the emulator behind the data plane keeps none, and nothing here reads them.
import { type Model, required, text, typed } from "../protocol";
import { tokens } from "../tokens";
import { requireParent, without } from "./arm";
import { accountPath } from "./storage-account";

export const blobService: Model = {
  type: tokens.blobService,
  file: "sandbox/clouds/azure/blob-service.ts",
  inputs: {
    accountName: typed,
    blobServicesName: required(text("default")),
    isVersioningEnabled: typed,
    resourceGroupName: typed,
  },
  replaceOn: ["accountName", "blobServicesName", "resourceGroupName"],
  computed: ["azureApiVersion", "type"],
  echo: (inputs) => ({ ...without(inputs, "accountName", "blobServicesName", "resourceGroupName"), name: "default" }),
  create: (cloud, { resourceGroupName, accountName }) => {
    const { id } = requireParent(cloud, tokens.storageAccount, resourceGroupName, accountPath(accountName));
    const outputs = { azureApiVersion: "2024-01-01", type: "Microsoft.Storage/storageAccounts/blobServices" };
    return Promise.resolve({ id: `${id}/blobServices/default`, outputs });
  },
  update: (cloud, _, { resourceGroupName, accountName }) => {
    requireParent(cloud, tokens.storageAccount, resourceGroupName, accountPath(accountName));
    return Promise.resolve({ outputs: {} });
  },
};
