// Dataset details, as collaborators give them, and the dataset descriptor that governance stores: one from the other,
// both ways, nulls and empty strings included.
import type { DatasetDetails, DatasetIdentity } from "../../contract";
import { ServiceError } from "../http";
import { isBlank } from "./models";

type Details = Omit<DatasetDetails, "identity" | "dek" | "kek"> & {
  readonly identity: DatasetIdentity | null;
  readonly dek: Secret | null;
  readonly kek: Secret | null;
};
interface Secret {
  readonly secretId: string;
  readonly keyVaultUrl: string;
  readonly maaUrl: string | null;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

/** @param id the document's: it takes the place of the name */
export function toSpecification(id: string, details: Details): unknown {
  const { name, datasetSchema, datasetAccessPolicy, store } = details;
  const mode = datasetAccessPolicy.accessMode === "read" ? "ReadOnly" : "ReadWrite";
  if (!/^(Azure_(BlobStorage(_DataLakeGen2)?|OneLake)|Aws_S3)$/.test(store.storageAccountType)) {
    throw new ServiceError(400, "UnsupportedStoreType", `Unsupported store type: ${store.storageAccountType}`);
  }
  return {
    name: id,
    datasetSchema,
    datasetAccessPolicy,
    datasetAccessPoint: {
      name,
      type: `Volume_${mode}`,
      path: "",
      store: {
        name: store.containerName,
        type: store.storageAccountType,
        id: store.containerName,
        provider: {
          protocol: store.storageAccountType,
          url: store.storageAccountUrl,
          configuration: isBlank(store.awsCgsSecretId)
            ? (store.awsCgsSecretId ?? "")
            : base64({ secretId: store.awsCgsSecretId }),
        },
      },
      identity: toIdentity(details.identity),
      protection: {
        proxyType: `SecureVolume__${mode}__${store.storageAccountType.replaceAll("_", "__")}`,
        proxyMode: "Secure",
        privacyPolicy: null,
        configuration: base64({ KeyType: "KEK", EncryptionMode: store.encryptionMode }),
        encryptionSecrets: toSecrets(details),
        encryptionSecretAccessIdentity: toIdentity(details.identity),
      },
      subdirectory: store.subdirectory,
    },
  };
}

/** Without an identity of the dataset's own, the clean room's. */
function toIdentity(identity: DatasetIdentity | null): unknown {
  const cleanRoom = {
    name: "cleanroom_cgs_oidc",
    clientId: "",
    tenantId: "",
    tokenIssuer: {
      issuer: { configuration: "", protocol: "Attested_OIDC", url: "https://cgs/oidc" },
      issuerType: "AttestationBasedTokenIssuer",
    },
  };
  if (identity === null) return cleanRoom;
  return {
    name: identity.name,
    clientId: identity.clientId,
    tenantId: identity.tenantId,
    tokenIssuer: {
      federatedIdentity: cleanRoom,
      issuer: { configuration: "", protocol: "AzureAD_Federated", url: identity.issuerUrl },
      issuerType: "FederatedIdentityBasedTokenIssuer",
    },
  };
}

function toSecrets({ store, dek, kek }: Details): unknown {
  if (store.encryptionMode === "SSE" || dek === null) return null;
  return {
    dek: toSecret(dek, "AzureKeyVault_Secret"),
    kek: kek === null ? null : toSecret(kek, "AzureKeyVault_SecureKey"),
  };
}

function toSecret({ secretId, keyVaultUrl, maaUrl }: Secret, protocol: string): unknown {
  const configuration = isBlank(maaUrl) ? "" : base64({ authority: maaUrl });
  const provider = { protocol, url: keyVaultUrl, configuration };
  const backingResource = { name: secretId, type: "AzureKeyVault", id: secretId, provider };
  return { name: secretId, secret: { secretType: "Key", backingResource } };
}

/** @throws ServiceError 500 `JsonException` for a document that is no dataset descriptor, as the service answers */
export function toDetails(data: unknown): unknown {
  const spec = parseStored(data, "InvalidDatasetSpecification", "Invalid dataset specification");
  const point = at(spec, "datasetAccessPoint");
  const store = at(point, "store");
  const provider = at(store, "provider");
  const protection = at(point, "protection");
  const secrets = protection.encryptionSecrets as Json | null | undefined;
  const awsSecret = decoded(provider.configuration)?.secretId;
  return {
    name: required(spec, "name"),
    datasetSchema: at(spec, "datasetSchema"),
    datasetAccessPolicy: at(spec, "datasetAccessPolicy"),
    dek: fromSecret(secrets?.dek),
    kek: fromSecret(secrets?.kek),
    identity: fromIdentity(point.identity),
    store: {
      containerName: required(store, "id"),
      storageAccountUrl: required(provider, "url"),
      storageAccountType: required(store, "type"),
      encryptionMode: decoded(protection.configuration)?.EncryptionMode,
      awsCgsSecretId: awsSecret ?? "",
      subdirectory: point.subdirectory ?? "",
    },
  };
}

type Json = Record<string, unknown>;

function fromSecret(value: unknown): unknown {
  if (value == null) return null;
  const resource = at(at(value as Json, "secret"), "backingResource");
  const provider = at(resource, "provider");
  const maaUrl = decoded(provider.configuration)?.authority ?? null;
  return { secretId: required(value as Json, "name"), keyVaultUrl: required(provider, "url"), maaUrl };
}

function fromIdentity(value: unknown): unknown {
  if (value == null) return null;
  const { clientId, tenantId, name, tokenIssuer } = value as Json;
  if (isBlank(clientId) || isBlank(tenantId) || isBlank(name)) return null;
  const issuer = (tokenIssuer as Json | undefined)?.issuer as Json | undefined;
  return { clientId, issuerUrl: issuer?.url ?? "", tenantId, name };
}

/** Base64 of a JSON object, or nothing. */
function decoded(configuration: unknown): Json | undefined {
  if (isBlank(configuration)) return undefined;
  try {
    return JSON.parse(Buffer.from(configuration as string, "base64").toString("utf8")) as Json;
  } catch (error) {
    throw new ServiceError(500, "JsonException", (error as Error).message);
  }
}

/** @throws ServiceError when a document's data is empty, or no JSON object */
export function parseStored(data: unknown, code: string, message: string): Json {
  if (isBlank(data)) throw new ServiceError(400, code, `${message}.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(data as string);
  } catch (error) {
    throw new ServiceError(500, "JsonException", (error as Error).message);
  }
  if (parsed === null) throw new ServiceError(400, code, `${message} json format.`);
  if (typeof parsed !== "object")
    throw new ServiceError(500, "JsonException", "The JSON value could not be converted.");
  return parsed as Json;
}

function required(object: Json, key: string): unknown {
  const value = object[key];
  if (value !== undefined && value !== null) return value;
  const message = `JSON deserialization was missing required properties including: '${key}'.`;
  throw new ServiceError(500, "JsonException", message);
}

/** @throws ServiceError 500 `JsonException` when there is no object of that name */
export function at(object: Json, key: string): Json {
  const value = required(object, key);
  if (typeof value === "object") return value as Json;
  throw new ServiceError(500, "JsonException", `The JSON value could not be converted. Path: $.${key}.`);
}
