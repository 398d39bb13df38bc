// A data encryption key is in a vault or in governance, and on its way to the uploading process; nowhere else.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { VAULT_SECRET } from "../../resources/azure";
import { CONTRACT_SECRET, DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";
import { isDataKey } from "./patterns";

/** Where 32 bytes in base64 may stand, as secrets. */
const PLACES: Readonly<Record<string, string>> = {
  [CONTRACT_SECRET]: "value",
  [VAULT_SECRET]: "properties.value",
  "command:local:Command": "stdin",
};

/** The stack's configuration, as its providers get it: a secret of it is encrypted in the state. */
const CONFIGURATION = "pulumi:providers:";

/** Things of the field that have the same form, and are no secrets. */
const DIGESTS = /(?:sha256|digest|md5|hash|checksum|etag|thumbprint|fingerprint|public)/i;

export const dekStaysInVault = defineRule({
  code: "dek-stays-in-vault",
  group: "secrets",
  title: "A data encryption key (DEK) is never outside the vault or governance.",
  risk: "Whoever finds it reads the data without any clean room, whatever the KEK's release policy says.",
  remedy:
    "Use ReleaseKey, whose DEK never enters the state, or a ContractSecret; hand it to an upload by stdin, as a secret.",
  references: [mcsb("DP-6"), mcsb("DP-8"), cleanRoom("DEK wrapped by the KEK, or as a governance secret")],
  judge: (resource, { report, unknown }) => {
    if (resource.type === DATASET_DOCUMENT) {
      const { dek } = resource.inputs as DatasetInputs;
      const named = dek?.cgsSecretId ?? (dek?.keyVaultUrl === undefined ? undefined : dek.secretId);
      if (dek != null && (named === undefined || named === "")) {
        report(
          "has a dek that is neither a vault's secret (secretId, keyVaultUrl) nor a governance secret (cgsSecretId)",
        );
        return;
      }
    }
    for (const { path, value, secret } of resource.inputLeaves()) {
      const isPlace = secret && (PLACES[resource.type] === path || resource.type.startsWith(CONFIGURATION));
      if (!isPlace && isDataKey(value) && !DIGESTS.test(path)) {
        report(`holds what looks like a data encryption key (base64 of 32 bytes) in ${path}`);
        return;
      }
    }
    const open = [...resource.inputLeaves()].find((leaf) => leaf.unknown && PLACES[resource.type] !== leaf.path);
    if (open !== undefined) {
      unknown(open.path);
    }
  },
});
