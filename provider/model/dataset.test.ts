// A dataset's two forms, the frontend's and governance's, and the digest by which equal content is known.
import fc from "fast-check";
import type { DatasetSpecification } from "../../contract";
import { dataset as anyDataset, placesIn, shuffled, withAt } from "../../test/helpers/arbitraries";
import { datasetDigest, normalise, toDataset, toDetails, toSpecification, type Dataset } from "./dataset";

const RUNS = { numRuns: 1_000 };

const sales: Dataset = {
  store: {
    containerName: "sales",
    storageAccountUrl: "https://contosso.blob.example/",
    storageAccountType: "Azure_BlobStorage",
    encryptionMode: "CPK",
    subdirectory: "2026",
  },
  identity: {
    clientId: "11111111-1111-4111-8111-111111111111",
    tenantId: "22222222-2222-4222-8222-222222222222",
    issuerUrl: "https://issuer.example/",
    name: "contosso-identity",
  },
  dek: { secretId: "wrapped-sales-dek", keyVaultUrl: "https://vault.example/" },
  kek: { secretId: "sales-kek", keyVaultUrl: "https://vault.example/", maaUrl: "https://attest.example" },
  datasetSchema: { format: "csv", fields: [{ fieldName: "amount", fieldType: "number" }] },
  datasetAccessPolicy: { accessMode: "read", allowedFields: ["amount"] },
};

const cleanRoom = {
  name: "cleanroom_cgs_oidc",
  clientId: "",
  tenantId: "",
  tokenIssuer: {
    issuer: { configuration: "", protocol: "Attested_OIDC", url: "https://cgs/oidc" },
    issuerType: "AttestationBasedTokenIssuer",
  },
};

describe("the descriptor that governance stores", () => {
  test("is, for an Azure dataset with keys in a vault, the one that the frontend makes", () => {
    const identity = {
      name: "contosso-identity",
      clientId: "11111111-1111-4111-8111-111111111111",
      tenantId: "22222222-2222-4222-8222-222222222222",
      tokenIssuer: {
        federatedIdentity: cleanRoom,
        issuer: { configuration: "", protocol: "AzureAD_Federated", url: "https://issuer.example/" },
        issuerType: "FederatedIdentityBasedTokenIssuer",
      },
    };
    expect(toSpecification("contosso-sales", sales)).toEqual({
      name: "contosso-sales",
      datasetSchema: { format: "csv", fields: [{ fieldName: "amount", fieldType: "number" }] },
      datasetAccessPolicy: { accessMode: "read", allowedFields: ["amount"] },
      datasetAccessPoint: {
        name: "contosso-sales",
        type: "Volume_ReadOnly",
        path: "",
        store: {
          name: "sales",
          id: "sales",
          type: "Azure_BlobStorage",
          provider: { protocol: "Azure_BlobStorage", url: "https://contosso.blob.example/", configuration: "" },
        },
        identity,
        protection: {
          proxyType: "SecureVolume__ReadOnly__Azure__BlobStorage",
          proxyMode: "Secure",
          privacyPolicy: null,
          configuration: base64('{"KeyType":"KEK","EncryptionMode":"CPK"}'),
          encryptionSecrets: {
            dek: vaultSecret("wrapped-sales-dek", "AzureKeyVault_Secret", ""),
            kek: vaultSecret("sales-kek", "AzureKeyVault_SecureKey", base64('{"authority":"https://attest.example"}')),
          },
          encryptionSecretAccessIdentity: identity,
        },
        subdirectory: "2026",
      },
    });
  });

  test("names, for a store off Azure, the governance secret, and the clean room's own identity", () => {
    const { datasetAccessPoint } = toSpecification("members", {
      ...sales,
      identity: undefined,
      dek: undefined,
      kek: undefined,
      store: { ...sales.store, storageAccountType: "Aws_S3", encryptionMode: "SSE", awsCgsSecretId: "owner_s3" },
      datasetAccessPolicy: { accessMode: "write", allowedFields: ["amount"] },
    });
    expect(datasetAccessPoint.store.provider.configuration).toBe(base64('{"secretId":"owner_s3"}'));
    expect(datasetAccessPoint.identity).toEqual(cleanRoom);
    expect(datasetAccessPoint.type).toBe("Volume_ReadWrite");
    expect(datasetAccessPoint.protection).toMatchObject({
      proxyType: "SecureVolume__ReadWrite__Aws__S3",
      encryptionSecrets: null,
    });
  });

  test("backs a key in governance by a governance secret, which no other key wraps", () => {
    const { protection } = toSpecification("members", {
      ...sales,
      dek: { cgsSecretId: "owner_key" },
      kek: undefined,
    }).datasetAccessPoint;
    expect(protection.configuration).toBe(base64('{"KeyType":"DEK","EncryptionMode":"CPK"}'));
    expect(protection.encryptionSecrets).toEqual({
      dek: {
        name: "owner_key",
        secret: {
          secretType: "Key",
          backingResource: {
            name: "owner_key",
            type: "Cgs",
            id: "owner_key",
            provider: { protocol: "Cgs_Secret", url: "", configuration: "" },
          },
        },
      },
      kek: null,
    });
  });

  test.each([
    ["Azure_BlobStorage", "SecureVolume__ReadOnly__Azure__BlobStorage"],
    ["Azure_BlobStorage_DataLakeGen2", "SecureVolume__ReadOnly__Azure__BlobStorage__DataLakeGen2"],
    ["Azure_OneLake", "SecureVolume__ReadOnly__Azure__OneLake"],
    ["Aws_S3", "SecureVolume__ReadOnly__Aws__S3"],
  ] as const)("mounts %s by %s", (storageAccountType, proxyType) => {
    const specification = toSpecification("d", { ...sales, store: { ...sales.store, storageAccountType } });
    expect(specification.datasetAccessPoint.protection.proxyType).toBe(proxyType);
  });

  test("reads back as the dataset that it was made from", () => {
    fc.assert(
      fc.property(anyDataset, (dataset) => {
        const stored = JSON.parse(JSON.stringify(toSpecification("id", dataset))) as DatasetSpecification;
        expect(toDataset(stored)).toEqual(normalise(dataset));
      }),
      RUNS,
    );
  });

  test("fails to read what is no descriptor", () => {
    expect(() => toDataset({} as DatasetSpecification)).toThrow(TypeError);
    const broken = toSpecification("id", sales);
    const { datasetAccessPoint: point } = broken;
    const protection = { ...point.protection, configuration: "bm90IGpzb24=" };
    expect(() => toDataset({ ...broken, datasetAccessPoint: { ...point, protection } })).toThrow(SyntaxError);
  });
});

describe("the digest", () => {
  test("is the same whichever way the dataset came back", () => {
    fc.assert(
      fc.property(anyDataset, fc.nat(), (dataset, seed) => {
        const digest = datasetDigest(dataset);
        expect(datasetDigest(shuffled(dataset, seed))).toBe(digest);
        expect(datasetDigest(toDataset(toSpecification("id", dataset)))).toBe(digest);
        expect(datasetDigest(toDetails("any name", dataset))).toBe(digest);
      }),
      RUNS,
    );
  });

  test("does not tell apart what was left out and what the service fills in for it", () => {
    const filled = {
      ...sales,
      store: { ...sales.store, awsCgsSecretId: "" },
      dek: { ...sales.dek, maaUrl: null },
    } as Dataset;
    expect(datasetDigest(filled)).toBe(datasetDigest(sales));
  });

  test("changes with every value in the dataset", () => {
    fc.assert(
      fc.property(anyDataset, fc.nat(), (dataset, seed) => {
        const places = placesIn(dataset).filter((at) => typeof valueAt(dataset, at) === "string");
        const at = places[seed % places.length] ?? [];
        expect(datasetDigest(withAt(dataset, at, `${String(valueAt(dataset, at))}x`))).not.toBe(datasetDigest(dataset));
      }),
      RUNS,
    );
  });
});

test("normalising twice is normalising once, and leaves no null and no empty text", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const once = normalise(value);
      expect(normalise(once)).toEqual(once);
      const members = placesIn(once).filter((at) => !Array.isArray(valueAt(once, at.slice(0, -1))));
      expect(members.filter((at) => [null, ""].includes(valueAt(once, at) as string))).toEqual([]);
    }),
    RUNS,
  );
});

function valueAt(value: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function vaultSecret(name: string, protocol: string, configuration: string): object {
  const backingResource = {
    name,
    type: "AzureKeyVault",
    id: name,
    provider: { protocol, url: "https://vault.example/", configuration },
  };
  return { name, secret: { secretType: "Key", backingResource } };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
