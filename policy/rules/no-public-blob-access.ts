// No blob can be read without signing in.
import type { ResourceValidationPolicy } from "@pulumi/policy";

const ACCOUNT = "azure-native:storage:StorageAccount";
const CONTAINER = "azure-native:storage:BlobContainer";

export const noPublicBlobAccess: ResourceValidationPolicy = {
  name: "no-public-blob-access",
  description:
    "Storage accounts forbid public access to blobs, and no container allows it. A public container hands out, to everybody, what only the clean room should read.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, name, props }, report) => {
    if (type === ACCOUNT && props.allowBlobPublicAccess !== false) {
      report(`Storage account '${name}' does not forbid public access to blobs: set allowBlobPublicAccess to false.`);
    }
    const access = props.publicAccess as string | undefined;
    if (type === CONTAINER && access !== undefined && access !== "None") {
      report(`Container '${name}' has publicAccess '${access}': set it to None, or leave it out.`);
    }
  },
};
