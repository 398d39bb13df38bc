// What is deleted from a vault can be had back, and nobody can prevent that.
import { cisAzure, cleanRoom, defineRule, integer, mcsb } from "../../framework";
import { VAULT, type VaultInputs } from "../../resources/azure";

export const vaultPurgeProtection = defineRule({
  code: "vault-purge-protection",
  group: "keys",
  title: "Vaults are protected against purging, and keep what is deleted.",
  risk: "One who may delete a key could delete it for good, and all data encrypted with it; and a key of a vault without it can't be released.",
  remedy: "Set enablePurgeProtection to true and leave enableSoftDelete and its retention on.",
  references: [cisAzure("8.5"), mcsb("DP-8"), cleanRoom("secure key release needs purge protection")],
  settings: {
    minimumRetentionDays: integer("Days that deleted things are kept, at least.", 7, { default: 30, strict: 90 }),
  },
  types: [VAULT],
  judge: ({ inputs }, { report, settings: { minimumRetentionDays } }) => {
    const {
      enablePurgeProtection,
      enableSoftDelete,
      softDeleteRetentionInDays = 90,
    } = (inputs as VaultInputs).properties ?? {};
    if (enablePurgeProtection !== true) {
      report("is not protected against purging");
    } else if (enableSoftDelete === false) {
      report("has soft delete turned off");
    } else if (softDeleteRetentionInDays < minimumRetentionDays) {
      report(`keeps what is deleted for ${softDeleteRetentionInDays} days only`, {
        remedy: `Set softDeleteRetentionInDays to ${minimumRetentionDays} or more.`,
      });
    }
  },
});
