// How the clean room comes to a dataset's store and key: from Azure by a managed identity, from S3 by the contract's
// secrets.
import type { KeyObject } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { Agent } from "undici";
import type { BackingResource, EncryptionSecret, SpecificationIdentity } from "../../contract";
import type { SandboxContext } from "../context";
import type { DataPlanes } from "../dataplanes";
import { blobStore } from "./blob-store";
import { type BucketKeys, bucketStore } from "./bucket-store";
import { type Dataset, decodeConfiguration } from "./dataset";
import { fingerprint } from "./fingerprint";
import { cleanRoomIdentity } from "./identity";
import { lakeStore } from "./lake-store";
import { releaseKey, unwrapDataKey } from "./released-key";
import {
  blobRemedies,
  bucketRemedies,
  identityRemedies,
  type KeyPlace,
  oneLakeRemedies,
  releaseRemedies,
  REWRAP,
  wrappedKeyRemedies,
} from "./remedies";
import { type Remedies, type Steps, Unmet } from "./steps";
import { prefixOf, type Store } from "./store";

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
  /** Where it is in its container, bucket or workspace; `""` for the whole of it. */
  readonly folder: string;
  /** What files are client-side encrypted with; undefined when the store itself encrypts. */
  readonly key?: Buffer;
  /** The dataset's data encryption key, whoever encrypts with it. */
  readonly dataKey?: Buffer;
  /** What mends the store's refusals. */
  readonly remedies: Remedies;
}

export async function openAzureStore(access: AccessContext): Promise<OpenStore> {
  const { ctx, steps, dataset } = access;
  const { identity } = dataset.specification.datasetAccessPoint;
  const place = await steps.run("store", "publish the dataset with the address that the resource answers", () =>
    placeOf(access),
  );
  const credential = await signedIn(access, identity);
  const key = await dataKey(access, credential);
  const byStore = dataset.encryptionMode === "CPK";
  const customerKey = byStore ? key : undefined;
  const { serviceUrl, container, folder, face } = place;
  const store =
    face === "blob"
      ? blobStore({ accountUrl: serviceUrl, container, subdirectory: folder }, credential, ctx.tls.ca, customerKey)
      : lakeStore({ serviceUrl, fileSystem: container, folder }, credential, ctx.tls.ca, customerKey);
  return { store: await store, folder, key: byStore ? undefined : key, dataKey: key, remedies: place.remedies };
}

interface Place {
  readonly serviceUrl: string;
  /** Container, file system or workspace. */
  readonly container: string;
  /** Folder in it; `""` for the whole of it. */
  readonly folder: string;
  readonly face: "blob" | "lake";
  readonly remedies: Remedies;
}

/** As the clean room takes it: of OneLake workspace and path stand in the address. */
function placeOf({ dataset }: AccessContext): { value: Place; detail: string } {
  const { store, identity, subdirectory } = dataset.specification.datasetAccessPoint;
  const url = local(store.provider.url);
  const folder = prefixOf(subdirectory).slice(0, -1);
  const who = identity?.name ?? "the identity";
  if (store.type === "Azure_OneLake") {
    const { origin, pathname } = new URL(url);
    const [, workspace = "", ...path] = pathname.split("/");
    const item = path[0] ?? "";
    const remedies = oneLakeRemedies(who, workspace, item, dataset.writes);
    const value = { serviceUrl: origin, container: workspace, folder: folder || path.join("/"), remedies };
    return { value: { ...value, face: "lake" }, detail: `workspace ${workspace}, ${path.join("/")}, of ${origin}` };
  }
  const role = `Storage Blob Data ${dataset.writes ? "Contributor" : "Reader"}`;
  const remedies = blobRemedies(who, new URL(url).pathname.replaceAll("/", ""), store.name, role);
  const face = store.type === "Azure_BlobStorage" ? "blob" : "lake";
  const value = { serviceUrl: url, container: store.name, folder, face, remedies } as const;
  return { value, detail: `${face === "blob" ? "container" : "file system"} ${store.name} of ${url}` };
}

async function signedIn(
  { ctx, agent, steps, dataset, hostData }: AccessContext,
  identity: SpecificationIdentity | null | undefined,
): Promise<TokenCredential> {
  if (!identity) {
    return steps.run("identity", "", () => {
      throw new Unmet("the descriptor names no managed identity", "publish the dataset with its identity");
    });
  }
  const { contractId, ownerId } = dataset;
  const cleanRoom = cleanRoomIdentity(ctx, agent, identity, { contractId, ownerId, hostData });
  const { subject, issuer, audience, credential: value } = cleanRoom;
  return steps.run("identity", identityRemedies({ identity: identity.name, issuer, subject, audience }), async () => {
    await value.getToken("https://storage.azure.com/.default");
    return { value, detail: `signed in as ${identity.name} (${identity.clientId}) by ${issuer}, subject ${subject}` };
  });
}

export async function openBucketStore(access: AccessContext): Promise<OpenStore> {
  const { ctx, dataPlanes, steps, dataset } = access;
  const { store, subdirectory } = dataset.specification.datasetAccessPoint;
  const endpoint = await steps.run("store", "publish the dataset with AWS's address of S3, or the sandbox's", () => {
    const value = dataPlanes.bucketEndpoint(store.provider.url);
    return { value, detail: `bucket ${store.name} of ${store.provider.url}` };
  });
  const { secretId } = decodeConfiguration(store.provider.configuration);
  const secret = typeof secretId === "string" ? secretId : "";
  const keys = await steps.run("connection secret", secretRemedies(SET_CONNECTION), () => {
    if (secret === "") throw new Unmet("the store's configuration names no secretId", PUBLISH_SECRET);
    const value = parseKeys(secret, readSecret(access, secret));
    return { value, detail: `${secret} holds the access key ${value.awsAccessKeyId}` };
  });
  const key = await dataKey(access);
  const address = { endpoint, bucket: store.name, subdirectory };
  return {
    store: await bucketStore(address, keys, dataPlanes.region, ctx.tls.ca),
    folder: prefixOf(subdirectory).slice(0, -1),
    key,
    dataKey: key,
    remedies: bucketRemedies(secret, keys.awsAccessKeyId, store.name),
  };
}

const SET_CONNECTION =
  "set the connection secret again, JSON of awsAccessKeyId and awsSecretAccessKey: S3Dataset does, of BucketAccess or its argument `connectionSecret`; a value that another overwrote is written again once it changes, or the ContractSecret is replaced (`pulumi up --replace`)";
const PUBLISH_SECRET = "publish the dataset with its connection secret: S3Dataset names it";
const IN_VAULT = "publish the dataset with a key in a vault: ReleaseKey makes it, AzureDataset names it";
const SET_KEY =
  "set the encryption key again, base64 of its 32 bytes: the argument `encryptionKey` of S3Dataset; a value that another overwrote is written again once the ContractSecret is replaced (`pulumi up --replace`)";

const secretRemedies = (otherwise: string): Remedies => ({
  VerifySnpAttestationFailed:
    "read as a clean room whose host data is in the contract's accepted policy: no other gets a secret of the contract",
  otherwise,
});

/** By the descriptor: none for SSE, a secret of the contract, or a wrapped key with a key encryption key. */
async function dataKey(access: AccessContext, credential?: TokenCredential): Promise<Buffer | undefined> {
  const { steps, dataset } = access;
  if (dataset.encryptionMode === "SSE") return undefined;
  const secrets = dataset.specification.datasetAccessPoint.protection.encryptionSecrets;
  const dek = secrets?.dek.secret.backingResource;
  if (dek?.provider.protocol === "Cgs_Secret") {
    if (credential !== undefined) {
      await steps.run("data key", "", () => {
        throw new Unmet(
          `${dek.name} is a secret of the contract, which the clean room takes for a bucket alone`,
          IN_VAULT,
        );
      });
    }
    return steps.run("data key", secretRemedies(SET_KEY), () => {
      const value = of32Bytes(Buffer.from(readSecret(access, dek.name), "base64"), SET_KEY);
      return { value, detail: `${dek.name}, a secret of the contract, fingerprint ${fingerprint(value)}` };
    });
  }
  const place = keyPlace(access, secrets?.kek?.secret.backingResource);
  const kek = await steps.run("key release", releaseRemedies(place), () => release(access, secrets?.kek, credential));
  // The wrapped key may be in another vault than the key that wraps it: a managed HSM keeps no secrets.
  const beside = { ...place, vault: dek?.provider.url ?? place.vault };
  return steps.run("data key", wrappedKeyRemedies(beside, dek?.name ?? ""), async () => {
    if (dek === undefined || credential === undefined) {
      throw new Unmet("the descriptor names no wrapped data key", "publish the dataset with its data encryption key");
    }
    const address = { vaultUrl: local(dek.provider.url), name: dek.name };
    const value = of32Bytes(await unwrapDataKey(address, kek, credential, access.ctx.tls.ca), REWRAP);
    return { value, detail: `${dek.name} unwrapped, fingerprint ${fingerprint(value)}` };
  });
}

function keyPlace({ dataset, dataPlanes, hostData }: AccessContext, kek: BackingResource | undefined): KeyPlace {
  return {
    vault: kek?.provider.url ?? "",
    key: kek?.name ?? "",
    identity: dataset.specification.datasetAccessPoint.identity?.name ?? "the identity",
    hostData,
    authority: dataPlanes.attestationUrl,
  };
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

function parseKeys(id: string, secret: string): BucketKeys {
  let keys: Record<string, unknown>;
  try {
    keys = decodeConfiguration(secret);
  } catch {
    throw new Unmet(`${id} is not base64 of JSON`, SET_CONNECTION);
  }
  const { awsAccessKeyId, awsSecretAccessKey } = keys;
  if (typeof awsAccessKeyId !== "string" || typeof awsSecretAccessKey !== "string") {
    const holds = Object.keys(keys).join(", ") || "nothing";
    throw new Unmet(`${id} must hold awsAccessKeyId and awsSecretAccessKey; it holds ${holds}`, SET_CONNECTION);
  }
  return { awsAccessKeyId, awsSecretAccessKey };
}

function of32Bytes(key: Buffer, remedy: string): Buffer {
  if (key.length !== 32) throw new Unmet(`the data encryption key has ${key.length} bytes, not 32`, remedy);
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
