// No blob can be read without signing in.
import { cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import {
  BLOB_CONTAINER,
  STORAGE_ACCOUNT,
  type BlobContainerInputs,
  type StorageAccountInputs,
} from "../../resources/azure";

export const noPublicBlobAccess = defineRule({
  code: "no-public-blob-access",
  group: "stores",
  title: "Storage accounts forbid public access to blobs, and no container allows it.",
  risk: "A public container hands out, to everybody, what only the clean room should read.",
  remedy: "Set allowBlobPublicAccess of the account to false, and leave publicAccess of the container out or at None.",
  references: [cisAzure("3.17"), mcsb("NS-2"), cleanRoom("the identity's data role is the only way in")],
  types: [STORAGE_ACCOUNT, BLOB_CONTAINER],
  judge: ({ type, inputs }, { report }) => {
    if (type === STORAGE_ACCOUNT) {
      if ((inputs as StorageAccountInputs).allowBlobPublicAccess !== false) {
        report("does not forbid public access to blobs");
      }
      return;
    }
    const { publicAccess = "None" } = inputs as BlobContainerInputs;
    if (publicAccess !== "None") {
      report(`has publicAccess '${publicAccess}'`);
    }
  },
});
