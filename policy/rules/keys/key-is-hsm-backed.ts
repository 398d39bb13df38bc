// Keys live in hardware, in vaults that have it.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { KEY, VAULT, type KeyInputs, type VaultInputs } from "../../resources/azure";

export const keyIsHsmBacked = defineRule({
  code: "key-is-hsm-backed",
  group: "keys",
  title: "Keys are kept in a hardware security module.",
  risk: "A software key can't be released to attested code, and can be copied by whoever runs the vault.",
  remedy: "Make the key an RSA-HSM or EC-HSM one, in a vault of the tier premium.",
  references: [mcsb("DP-8"), cleanRoom("secure key release needs Premium or Managed HSM, RSA-HSM")],
  types: [KEY, VAULT],
  judge: ({ type, inputs }, { report }) => {
    if (type === VAULT) {
      const { properties } = inputs as VaultInputs;
      const tier = properties?.sku?.name;
      if (tier !== undefined && tier.toLowerCase() !== "premium") {
        report(`is of the tier '${tier}', which has no hardware security module`);
      }
      return;
    }
    const { properties } = inputs as KeyInputs;
    const kty = properties?.kty;
    if (kty === undefined || !kty.toUpperCase().endsWith("-HSM")) {
      report(
        kty === undefined ? "names no key type (kty), so it is a software key" : `is a software key (kty '${kty}')`,
      );
    }
  },
});
