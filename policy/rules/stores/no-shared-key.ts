// Storage is opened by identities, never by an account key.
import { cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { STORAGE_ACCOUNT, type StorageAccountInputs } from "../../resources/azure";

export const noSharedKey = defineRule({
  code: "no-shared-key",
  group: "stores",
  title: "Storage accounts do not take shared keys.",
  risk: "An account key, or a signature made with it, opens everything in the account to whoever has it, whatever the roles say.",
  remedy: "Set allowSharedKeyAccess to false.",
  references: [cisAzure("3.4"), mcsb("IM-1"), cleanRoom("the clean room signs in with the managed identity")],
  types: [STORAGE_ACCOUNT],
  judge: ({ inputs }, { report }) => {
    if ((inputs as StorageAccountInputs).allowSharedKeyAccess !== false) {
      report("takes shared keys");
    }
  },
});
