// Keys of a dataset that its encryption mode and its store can't have, or that it lacks, are refused.
import type { DatasetEncryptionSecret, DatasetStore, EncryptionMode, StoreType } from "../../../contract";
import { MODES, refusal, STORES, type KeyPlace } from "../../../contract/combinations";
import type { Dataset, GovernanceKey } from "../dataset";
import { blankProblems, isKnownItself, isNothing, objectAt, shown, type Problems, type Unchecked } from "./parts";

export function keyProblems(store: Unchecked<DatasetStore>, dek: Dataset["dek"], kek: Dataset["kek"]): Problems {
  const mode = MODES.find((each) => each === store.encryptionMode);
  if (mode === undefined || !isKnownItself(dek) || !isKnownItself(kek)) {
    return [];
  }
  if (mode === "SSE") {
    return isNothing(dek) && isNothing(kek)
      ? []
      : [
          "dek and kek are given, but store.encryptionMode is SSE: the store itself encrypts. Leave them out, or use CSE or CPK.",
        ];
  }
  const impossible = combinationProblems(store, mode, dek, kek);
  if (impossible.length > 0) {
    return impossible;
  }
  if (isNothing(dek)) {
    return [`dek is missing: store.encryptionMode ${mode} needs the key that the data is encrypted with.`];
  }
  const problems: Problems = [];
  const parts = objectAt<Partial<DatasetEncryptionSecret & GovernanceKey>>(
    problems,
    "dek",
    dek ?? undefined,
    "take it from the ReleaseKey.",
  );
  if (parts !== undefined && "cgsSecretId" in parts) {
    return [
      ...blankProblems("dek.cgsSecretId", parts.cgsSecretId, "take it from the ContractSecret."),
      ...(isNothing(kek)
        ? []
        : ["kek is given, but the dek is a governance secret, which no other key wraps: leave kek out."]),
    ];
  }
  problems.push(...(parts === undefined ? [] : vaultProblems("dek", parts)));
  if (isNothing(kek)) {
    return [
      ...problems,
      `kek is missing: store.encryptionMode ${mode} on ${shown(store.storageAccountType)} needs the key that wraps the dek. Use ReleaseKey.`,
    ];
  }
  const wrapping = objectAt<DatasetEncryptionSecret>(problems, "kek", kek ?? undefined, "take it from the ReleaseKey.");
  if (wrapping !== undefined) {
    const remedy = `store.encryptionMode ${mode} needs the attestation service whose word the vault takes. Take it from the clean room's details (attestationUrl).`;
    problems.push(...vaultProblems("kek", wrapping), ...blankProblems("kek.maaUrl", wrapping.maaUrl, remedy));
  }
  return problems;
}

/** What no key could mend, or no key in that place. That a key is missing is told by the parts that lack. */
function combinationProblems(
  { storageAccountType }: Unchecked<DatasetStore>,
  mode: EncryptionMode,
  dek: Dataset["dek"],
  kek: Dataset["kek"],
): Problems {
  const store: StoreType | undefined = STORES.find((each) => each === storageAccountType);
  if (store === undefined) {
    return [];
  }
  const key = placeOf(dek, kek);
  const why = refusal({ store, mode, key, access: "read" });
  if (
    why === undefined ||
    (key === "none" && refusal({ store, mode, key: usualPlace(store), access: "read" }) === undefined)
  ) {
    return [];
  }
  return [`store.encryptionMode is ${mode} on ${store}, with ${PLACES[key]}: ${why.reason}. ${why.remedy}`];
}

const PLACES: Readonly<Record<KeyPlace, string>> = {
  keyVault: "a key in a vault",
  managedHsm: "a key in a Managed HSM",
  governance: "a key that is a governance secret",
  none: "no key",
};

const usualPlace = (store: StoreType): KeyPlace => (store === "Aws_S3" ? "governance" : "keyVault");

function placeOf(dek: Dataset["dek"], kek: Dataset["kek"]): KeyPlace {
  if (isNothing(dek)) {
    return "none";
  }
  if (typeof dek === "object" && dek !== null && "cgsSecretId" in dek) {
    return "governance";
  }
  const url: unknown = (kek as Unchecked<DatasetEncryptionSecret> | null | undefined)?.keyVaultUrl;
  return typeof url === "string" && MANAGED_HSM.test(url) ? "managedHsm" : "keyVault";
}

const MANAGED_HSM = /^https:\/\/[^/]+\.managedhsm\.azure\.(net|cn)(\/|$)/i;

function vaultProblems(place: string, secret: Unchecked<Partial<DatasetEncryptionSecret>>): Problems {
  const remedy = "take it from the ReleaseKey.";
  const url = secret.keyVaultUrl;
  return [
    ...blankProblems(`${place}.secretId`, secret.secretId, remedy),
    ...blankProblems(`${place}.keyVaultUrl`, url, remedy),
    ...(place === "dek" && typeof url === "string" && MANAGED_HSM.test(url)
      ? [
          `dek.keyVaultUrl is '${shown(url)}': a Managed HSM keeps keys and no secrets. Keep the wrapped dek in a Key Vault.`,
        ]
      : []),
  ];
}
