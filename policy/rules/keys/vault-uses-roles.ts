// Who may use a vault's keys is said key by key, by roles.
import { cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { VAULT, type VaultInputs } from "../../resources/azure";

export const vaultUsesRoles = defineRule({
  code: "vault-uses-roles",
  group: "keys",
  title: "Vaults give access by roles, not by access policies.",
  risk: "An access policy opens every key and secret of the vault at once, and its holders can give themselves more.",
  remedy: "Set enableRbacAuthorization to true.",
  references: [
    cisAzure("8.6"),
    mcsb("PA-7"),
    cleanRoom("the identity gets key release on one key, secret read on one secret"),
  ],
  types: [VAULT],
  judge: ({ inputs }, { report }) => {
    if ((inputs as VaultInputs).properties?.enableRbacAuthorization !== true) {
      report("works with access policies");
    }
  },
});
