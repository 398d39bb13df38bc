// Which stores, encryption modes and places of a key go together, and why the others do not: one table, by which
// components and provider refuse in preview and from which docs/stores.md is made.
import type { AccessMode, EncryptionMode, StoreType } from ".";

/** Where the data encryption key is: wrapped by a key of a vault, as a governance secret, or nowhere. */
export type KeyPlace = "keyVault" | "managedHsm" | "governance" | "none";

export interface Combination {
  readonly store: StoreType;
  readonly mode: EncryptionMode;
  readonly key: KeyPlace;
  readonly access: AccessMode;
}

export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

export const STORES: readonly StoreType[] = [
  "Azure_BlobStorage",
  "Azure_BlobStorage_DataLakeGen2",
  "Azure_OneLake",
  "Aws_S3",
];
export const MODES: readonly EncryptionMode[] = ["CSE", "CPK", "SSE"];
export const KEY_PLACES: readonly KeyPlace[] = ["keyVault", "managedHsm", "governance", "none"];
export const ACCESS: readonly AccessMode[] = ["read", "write"];

export const COMBINATIONS: readonly Combination[] = STORES.flatMap((store) =>
  MODES.flatMap((mode) => KEY_PLACES.flatMap((key) => ACCESS.map((access) => ({ store, mode, key, access })))),
);

interface Rule extends Refusal {
  readonly forbids: (combination: Combination) => boolean;
}

/** The first that forbids is the one that is told: a mode that no key could mend comes before its keys. */
const RULES: readonly Rule[] = [
  {
    forbids: ({ store, mode }) => store === "Aws_S3" && mode === "CPK",
    reason: "the clean room mounts a bucket with its access key alone, and hands S3 no key to encrypt with",
    remedy: "Use CSE with an encryption key in governance, or SSE.",
  },
  {
    forbids: ({ store, mode }) => store === "Azure_OneLake" && mode === "CPK",
    reason: "OneLake ignores the key that a request brings, and would keep the data without it",
    remedy: "Use CSE or SSE.",
  },
  {
    forbids: ({ mode, key }) => mode === "SSE" && key !== "none",
    reason: "the store itself encrypts",
    remedy: "Leave dek and kek out, or use CSE or CPK.",
  },
  {
    forbids: ({ mode, key }) => mode !== "SSE" && key === "none",
    reason: "nobody could decrypt the data without its key",
    remedy: "Give the key that the data is encrypted with, or use SSE.",
  },
  {
    forbids: ({ store, key }) => store !== "Aws_S3" && key === "governance",
    reason: "of an Azure store's dataset the clean room takes only a key that is wrapped by a key of a vault",
    remedy: "Use ReleaseKey.",
  },
  {
    forbids: ({ store, key }) => store === "Aws_S3" && (key === "keyVault" || key === "managedHsm"),
    reason: "a bucket's dataset has no managed identity for which a vault would release its key",
    remedy: "Keep the encryption key in governance (ContractSecret).",
  },
];

/** Why a dataset can't be so; undefined when it can. */
export function refusal(combination: Combination): Refusal | undefined {
  return RULES.find(({ forbids }) => forbids(combination));
}

/** Why the analytics workload of release 8.0.0 does not read such a dataset; undefined when it does. */
export function notInAnalytics({ store, mode }: Pick<Combination, "store" | "mode">): string | undefined {
  if (store === "Azure_OneLake") return "it refuses the store's type when a query runs";
  if (mode === "CSE") {
    return store === "Aws_S3" ? "it mounts the bucket without decrypting" : "it refuses the mode when a query runs";
  }
  return undefined;
}

const RIGHTS: Readonly<Record<StoreType, Readonly<Record<AccessMode, string>>>> = {
  Azure_BlobStorage: {
    read: "Storage Blob Data Reader on the container",
    write: "Storage Blob Data Contributor on the container",
  },
  Azure_BlobStorage_DataLakeGen2: {
    read: "Storage Blob Data Reader on the container",
    write: "Storage Blob Data Contributor on the container",
  },
  Azure_OneLake: {
    read: "Fabric: Read and ReadAll on the item, given by hand",
    write: "Fabric: Contributor of the workspace, given by hand",
  },
  Aws_S3: {
    read: "access key (`awsCgsSecretId`) that may list the bucket and get objects",
    write: "access key (`awsCgsSecretId`) that may also put and delete objects",
  },
};

/** What the clean room needs at the store. */
export function storeRights({ store, access }: Combination): string {
  return RIGHTS[store][access];
}

const KEYS: Readonly<Record<KeyPlace, string>> = {
  keyVault:
    "`kek`: exportable RSA-HSM key under the release policy (Key Vault Crypto Service Release User); `dek`: 32 bytes, wrapped, a secret beside it (Key Vault Secrets User)",
  managedHsm:
    "`kek`: exportable RSA-HSM key of the HSM under the release policy (Managed HSM Crypto Service Release User); `dek`: 32 bytes, wrapped, a secret of a Key Vault (Key Vault Secrets User), for an HSM keeps no secrets",
  governance: "`dek`: 32 bytes, a governance secret; no `kek`",
  none: "none",
};

/** Which key, which secret, and which rights to them. */
export function keyParts({ key }: Pick<Combination, "key">): string {
  return KEYS[key];
}
