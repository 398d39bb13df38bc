// How the clean room comes to a dataset's store and key: from Azure by a managed identity, from S3 by the contract's
// secrets.
import type { KeyObject } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { Agent } from "undici";
import type { EncryptionSecret } from "../../contract";
import type { SandboxContext } from "../context";
import type { DataPlanes } from "../dataplanes";
import { blobStore } from "./blob-store";
import { type BucketKeys, bucketStore } from "./bucket-store";
import { type Dataset, decodeConfiguration } from "./dataset";
import { cleanRoomIdentity } from "./identity";
import { releaseKey, unwrapDataKey } from "./released-key";
import { type Steps, Unmet } from "./steps";
import type { Store } from "./store";

export interface AccessContext {
  readonly ctx: SandboxContext;
  readonly dataPlanes: DataPlanes;
  readonly agent: Agent;
  readonly steps: Steps;
  readonly dataset: Dataset;
  readonly hostData: string;
}

export interface OpenStore {
  readonly store: Store;
  /** What files are client-side encrypted with; undefined when the store itself encrypts. */
  readonly key?: Buffer;
}

const FEDERATE = "give the managed identity a federated credential with exactly this issuer, subject and audience";

export async function openAzureStore(access: AccessContext): Promise<OpenStore> {
  const { ctx, agent, steps, dataset, hostData } = access;
  const { store, identity, subdirectory } = dataset.specification.datasetAccessPoint;
  const accountUrl = await steps.run("store", "publish the dataset with the address that the resource answers", () => {
    if (store.type !== "Azure_BlobStorage" && store.type !== "Azure_BlobStorage_DataLakeGen2") {
      throw new Unmet(`the sandbox does not model stores of type ${store.type}`, "use Azure_BlobStorage or Aws_S3");
    }
    return { value: local(store.provider.url), detail: `container ${store.name} of ${store.provider.url}` };
  });
  const credential = await steps.run("identity", FEDERATE, async () => {
    if (!identity) throw new Unmet("the descriptor names no managed identity", "publish the dataset with its identity");
    const { contractId, ownerId } = dataset;
    const {
      subject,
      issuer,
      credential: value,
    } = cleanRoomIdentity(ctx, agent, identity, { contractId, ownerId, hostData });
    await value.getToken("https://storage.azure.com/.default");
    return { value, detail: `signed in as ${identity.clientId} by ${issuer}, subject ${subject}` };
  });
  const key = await dataKey(access, credential);
  const address = { accountUrl, container: store.name, subdirectory };
  const byStore = dataset.encryptionMode === "CPK";
  return {
    store: await blobStore(address, credential, ctx.tls.ca, byStore ? key : undefined),
    key: byStore ? undefined : key,
  };
}

export async function openBucketStore(access: AccessContext): Promise<OpenStore> {
  const { ctx, dataPlanes, steps, dataset } = access;
  const { store, subdirectory } = dataset.specification.datasetAccessPoint;
  const endpoint = await steps.run("store", "publish the dataset with AWS's address of S3, or the sandbox's", () => {
    const value = dataPlanes.bucketEndpoint(store.provider.url);
    return { value, detail: `bucket ${store.name} of ${store.provider.url}` };
  });
  const keys = await steps.run(
    "connection secret",
    "set the connection secret in governance, as base64 of its JSON",
    () => {
      const { secretId } = decodeConfiguration(store.provider.configuration);
      if (typeof secretId !== "string") throw new Error("the store's configuration names no secretId");
      const value = parseKeys(readSecret(access, secretId));
      return { value, detail: `${secretId} holds the access key ${value.awsAccessKeyId}` };
    },
  );
  const key = await dataKey(access);
  const address = { endpoint, bucket: store.name, subdirectory };
  return { store: await bucketStore(address, keys, dataPlanes.region, ctx.tls.ca), key };
}

/** By the descriptor: none for SSE, a secret of the contract, or a wrapped key with a key encryption key. */
async function dataKey(access: AccessContext, credential?: TokenCredential): Promise<Buffer | undefined> {
  const { steps, dataset } = access;
  if (dataset.encryptionMode === "SSE") return undefined;
  const secrets = dataset.specification.datasetAccessPoint.protection.encryptionSecrets;
  const dek = secrets?.dek.secret.backingResource;
  if (dek?.provider.protocol === "Cgs_Secret") {
    return steps.run("data key", "set the encryption key in governance, as base64 of its 32 bytes", () => {
      const value = Buffer.from(readSecret(access, dek.name), "base64");
      return { value: of32Bytes(value), detail: `${dek.name}, a secret of the contract` };
    });
  }
  const kek = await steps.run(
    "key release",
    "give the key a release policy with the clean room's host data and this attestation service, and the identity the role Key Vault Crypto Service Release User on it",
    () => release(access, secrets?.kek, credential),
  );
  return steps.run(
    "data key",
    "store the data encryption key as a secret, wrapped with the key encryption key by RSA-OAEP-256, and give the identity the role Key Vault Secrets User on it",
    async () => {
      if (dek === undefined || credential === undefined) throw new Error("the descriptor names no wrapped data key");
      const address = { vaultUrl: local(dek.provider.url), name: dek.name };
      const value = await unwrapDataKey(address, kek, credential, access.ctx.tls.ca);
      return { value: of32Bytes(value), detail: `${dek.name} unwrapped` };
    },
  );
}

async function release(
  { ctx, dataPlanes, hostData }: AccessContext,
  kek: EncryptionSecret | null | undefined,
  credential: TokenCredential | undefined,
): Promise<{ value: KeyObject; detail: string }> {
  if (!kek || credential === undefined) {
    throw new Unmet("the descriptor names no key encryption key", "publish the dataset with its key encryption key");
  }
  const { name, provider } = kek.secret.backingResource;
  const { authority } = decodeConfiguration(provider.configuration);
  const { attestationUrl } = dataPlanes;
  if (typeof authority !== "string" || trimmed(authority) !== trimmed(attestationUrl)) {
    throw new Unmet(
      `the descriptor's attestation service is ${JSON.stringify(authority)}, the clean room's is ${attestationUrl}`,
      "publish the dataset with the clean room's attestation service as maaUrl of its key encryption key",
    );
  }
  const value = await releaseKey(
    { vaultUrl: local(provider.url), name, hostData },
    dataPlanes.attestation,
    credential,
    ctx.tls.ca,
  );
  return { value, detail: `${name} of ${provider.url} released to host data ${hostData.slice(0, 12)}…` };
}

/** What the clean room gets is base64 of the secret; the id is prefixed by whoever set it. */
function readSecret({ ctx, hostData }: AccessContext, secretId: string): string {
  return ctx.governance.readSecretAsCleanRoom(secretId, hostData);
}

function parseKeys(secret: string): BucketKeys {
  const keys = decodeConfiguration(secret);
  const { awsAccessKeyId, awsSecretAccessKey } = keys;
  if (typeof awsAccessKeyId !== "string" || typeof awsSecretAccessKey !== "string") {
    throw new Error(
      `the secret must hold awsAccessKeyId and awsSecretAccessKey; it holds ${Object.keys(keys).join(", ")}`,
    );
  }
  return { awsAccessKeyId, awsSecretAccessKey };
}

function of32Bytes(key: Buffer): Buffer {
  if (key.length !== 32) throw new Error(`the data encryption key has ${key.length} bytes, not 32`);
  return key;
}

/** The sandbox's clean room never leaves this machine. */
function local(url: string): string {
  const { hostname } = new URL(url);
  if (hostname === "localhost" || hostname === "127.0.0.1") return url;
  throw new Unmet(
    `${url} is not an address of this sandbox`,
    "publish the dataset with the address that the resource answers",
  );
}

const trimmed = (url: string): string => url.replace(/\/+$/, "").toLowerCase();
