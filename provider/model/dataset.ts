// A dataset's content: one normal form for what we publish and what the services answer, and the descriptor that
// governance stores for it.
import type {
  BackingResource,
  DatasetDetails,
  DatasetEncryptionSecret,
  DatasetSpecification,
  EncryptionSecret,
  SpecificationIdentity,
} from "../../contract";
import { canonicalJson, digestOf } from "./canonical";
import { parseJson } from "./json";

/** A data encryption key that is kept as a governance secret instead of in a key vault. */
export interface GovernanceKey {
  readonly cgsSecretId: string;
}

/** A dataset as this package describes it: the frontend's details, or with its key as a governance secret. */
export interface Dataset extends Omit<DatasetDetails, "name" | "dek"> {
  readonly dek?: DatasetEncryptionSecret | GovernanceKey | null;
}

/** Drops what the services add for things left out (nulls and empty texts), so that equal content is equal. */
export function normalise<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => normalise(item)) as T;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined && item !== "")
      .map(([key, item]) => [key, normalise(item as unknown)]),
  ) as T;
}

/** What identifies a dataset's content. The name is not part of it: by default the name is made from this digest. */
export function datasetDigest(dataset: Dataset): string {
  const { store, identity, datasetSchema, datasetAccessPolicy, dek, kek } = toDetails("", dataset);
  return digestOf(normalise({ store, identity, datasetSchema, datasetAccessPolicy, dek, kek }));
}

/** The dataset as the frontend shows it; a governance key shows as a secret without a vault. */
export function toDetails(name: string, dataset: Dataset): DatasetDetails {
  const { dek, ...rest } = dataset;
  return {
    ...rest,
    name,
    dek: isGovernanceKey(dek) ? { secretId: dek.cgsSecretId, keyVaultUrl: "" } : dek,
  };
}

export function isGovernanceKey(dek: Dataset["dek"]): dek is GovernanceKey {
  return typeof dek === "object" && dek !== null && "cgsSecretId" in dek;
}

/** The descriptor that governance stores, equal to the one the frontend makes (`DatasetSpecification` of release 8.0.0). */
export function toSpecification(name: string, dataset: Dataset): DatasetSpecification {
  const { store, datasetAccessPolicy, datasetSchema } = dataset;
  const identity = specificationIdentity(dataset);
  const read = datasetAccessPolicy.accessMode === "read";
  return {
    name,
    datasetSchema,
    datasetAccessPolicy,
    datasetAccessPoint: {
      name,
      type: read ? "Volume_ReadOnly" : "Volume_ReadWrite",
      path: "",
      store: {
        name: store.containerName,
        type: store.storageAccountType,
        id: store.containerName,
        provider: {
          protocol: store.storageAccountType,
          url: store.storageAccountUrl,
          configuration: encoded(store.awsCgsSecretId, "secretId"),
        },
      },
      identity,
      protection: {
        proxyType: `SecureVolume__${read ? "ReadOnly" : "ReadWrite"}__${store.storageAccountType.replaceAll("_", "__")}`,
        proxyMode: "Secure",
        privacyPolicy: null,
        configuration: base64({
          KeyType: isGovernanceKey(dataset.dek) ? "DEK" : "KEK",
          EncryptionMode: store.encryptionMode,
        }),
        encryptionSecrets: encryptionSecrets(dataset),
        encryptionSecretAccessIdentity: identity,
      },
      subdirectory: store.subdirectory ?? "",
    },
  };
}

/** Reads a descriptor back into the frontend's form. Throws a SyntaxError or TypeError when it is no descriptor. */
export function toDataset(specification: DatasetSpecification): Dataset {
  const { store, identity, protection, subdirectory } = specification.datasetAccessPoint;
  const { dek, kek } = protection.encryptionSecrets ?? {};
  const { EncryptionMode } = decoded(protection.configuration) as {
    EncryptionMode: DatasetDetails["store"]["encryptionMode"];
  };
  return normalise({
    store: {
      containerName: store.id,
      storageAccountUrl: store.provider.url,
      storageAccountType: store.type as DatasetDetails["store"]["storageAccountType"],
      encryptionMode: EncryptionMode,
      awsCgsSecretId: (decoded(store.provider.configuration) as { secretId?: string }).secretId,
      subdirectory,
    },
    identity: identityOf(identity),
    datasetSchema: specification.datasetSchema,
    datasetAccessPolicy: specification.datasetAccessPolicy,
    dek: secretOf(dek),
    kek: secretOf(kek) as DatasetEncryptionSecret | undefined,
  });
}

/**
 * Whether the descriptor says nothing but what `toDataset` reads of it, as a query's must: a part that nobody reviewed
 * must not ride along. What services add for things left out does not count.
 */
export function isWholeDataset(specification: DatasetSpecification): boolean {
  const plain = (stored: DatasetSpecification): string => canonicalJson(normalise(unpacked(stored)));
  return plain(specification) === plain(toSpecification(specification.name, toDataset(specification)));
}

/** With the parts that are JSON in base64 as what they say: writers differ in blanks and the order of keys. */
function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unpacked);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "configuration" && typeof item === "string" ? decoded(item) : unpacked(item),
    ]),
  );
}

function identityOf(identity: SpecificationIdentity | null | undefined): DatasetDetails["identity"] {
  if (!identity || identity.clientId === "" || identity.tenantId === "") {
    return undefined;
  }
  const { clientId, tenantId, name } = identity;
  const issuer = (identity.tokenIssuer as { issuer?: { url?: string } }).issuer;
  return { clientId, tenantId, name, issuerUrl: issuer?.url ?? "" };
}

function secretOf(secret: EncryptionSecret | null | undefined): DatasetEncryptionSecret | GovernanceKey | undefined {
  if (!secret) {
    return undefined;
  }
  const { backingResource } = secret.secret;
  if (backingResource.type === "Cgs") {
    return { cgsSecretId: backingResource.name };
  }
  return {
    secretId: secret.name,
    keyVaultUrl: backingResource.provider.url,
    maaUrl: (decoded(backingResource.provider.configuration) as { authority?: string }).authority,
  };
}

function encryptionSecrets({
  store,
  dek,
  kek,
}: Dataset): DatasetSpecification["datasetAccessPoint"]["protection"]["encryptionSecrets"] {
  if (store.encryptionMode === "SSE" || !dek) {
    return null;
  }
  if (isGovernanceKey(dek)) {
    const backing = { name: dek.cgsSecretId, type: "Cgs", id: dek.cgsSecretId };
    const provider = { protocol: "Cgs_Secret", url: "", configuration: "" };
    return { dek: key(dek.cgsSecretId, { ...backing, provider }), kek: null };
  }
  return { dek: vaultKey(dek, "AzureKeyVault_Secret"), kek: kek ? vaultKey(kek, "AzureKeyVault_SecureKey") : null };
}

function vaultKey({ secretId, keyVaultUrl, maaUrl }: DatasetEncryptionSecret, protocol: string): EncryptionSecret {
  const provider = { protocol, url: keyVaultUrl, configuration: encoded(maaUrl, "authority") };
  return key(secretId, { name: secretId, type: "AzureKeyVault", id: secretId, provider });
}

function key(name: string, backingResource: BackingResource): EncryptionSecret {
  return { name, secret: { secretType: "Key", backingResource } };
}

function specificationIdentity({ identity }: Dataset): SpecificationIdentity {
  const attested = {
    name: "cleanroom_cgs_oidc",
    clientId: "",
    tenantId: "",
    tokenIssuer: {
      issuer: { configuration: "", protocol: "Attested_OIDC", url: "https://cgs/oidc" },
      issuerType: "AttestationBasedTokenIssuer",
    },
  };
  if (!identity) {
    return attested;
  }
  const { name, clientId, tenantId, issuerUrl } = identity;
  return {
    name,
    clientId,
    tenantId,
    tokenIssuer: {
      federatedIdentity: attested,
      issuer: { configuration: "", protocol: "AzureAD_Federated", url: issuerUrl },
      issuerType: "FederatedIdentityBasedTokenIssuer",
    },
  };
}

function encoded(value: string | null | undefined, field: string): string {
  return value ? base64({ [field]: value }) : "";
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value), "utf8").toString("base64");
}

function decoded(text: string): Readonly<Record<string, unknown>> {
  return text === "" ? {} : (parseJson(Buffer.from(text, "base64").toString("utf8")) as Record<string, unknown>);
}
