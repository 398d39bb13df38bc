// A dataset of each combination of store, encryption mode, place of its key and access, be it possible or not.
import type { DatasetStore } from "../../contract";
import type { Combination, KeyPlace } from "../../contract/combinations";
import type { Dataset } from "../../provider/model/dataset";

const VAULT = "https://contosso.vault.azure.net/";
const HSM = "https://contosso.managedhsm.azure.net/";
const ATTESTATION = "https://attest.example";

/** Where things are; by default at addresses that nobody has. */
export interface Addresses {
  readonly store?: Pick<DatasetStore, "containerName" | "storageAccountUrl"> & Pick<DatasetStore, "subdirectory">;
  readonly keys?: Pick<Dataset, "dek" | "kek">;
  readonly identity?: Dataset["identity"];
  readonly awsCgsSecretId?: string;
}

export function datasetOf({ store, mode, key, access }: Combination, at: Addresses = {}): Dataset {
  const bucket = store === "Aws_S3";
  return {
    store: {
      ...(at.store ?? STORES[store]),
      storageAccountType: store,
      encryptionMode: mode,
      ...(bucket && { awsCgsSecretId: at.awsCgsSecretId ?? "owner_connection" }),
    },
    ...(!bucket && {
      identity: at.identity ?? {
        name: "sales",
        clientId: "client",
        tenantId: "tenant",
        issuerUrl: "https://issuer.example/",
      },
    }),
    ...(at.keys ?? KEYS[key]),
    datasetSchema: {
      format: "csv",
      fields: [
        { fieldName: "region", fieldType: "string" },
        { fieldName: "amount", fieldType: "number" },
      ],
    },
    datasetAccessPolicy: { accessMode: access, allowedFields: ["region", "amount"] },
  };
}

const STORES: Readonly<Record<Combination["store"], Pick<DatasetStore, "containerName" | "storageAccountUrl">>> = {
  Azure_BlobStorage: { containerName: "sales", storageAccountUrl: "https://sales.blob.core.windows.net/" },
  Azure_BlobStorage_DataLakeGen2: { containerName: "sales", storageAccountUrl: "https://sales.dfs.core.windows.net/" },
  Azure_OneLake: {
    containerName: "retail",
    storageAccountUrl: "https://onelake.dfs.fabric.microsoft.com/retail/sales.Lakehouse/Files/2026",
  },
  Aws_S3: { containerName: "sales", storageAccountUrl: "https://s3.eu-west-1.amazonaws.com" },
};

const KEYS: Readonly<Record<KeyPlace, Pick<Dataset, "dek" | "kek">>> = {
  keyVault: {
    dek: { secretId: "wrapped", keyVaultUrl: VAULT },
    kek: { secretId: "kek", keyVaultUrl: VAULT, maaUrl: ATTESTATION },
  },
  managedHsm: {
    dek: { secretId: "wrapped", keyVaultUrl: VAULT },
    kek: { secretId: "kek", keyVaultUrl: HSM, maaUrl: ATTESTATION },
  },
  governance: { dek: { cgsSecretId: "owner_key" } },
  none: {},
};
