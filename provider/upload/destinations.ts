// The stores' own clients, each with the machine's own sign-in.
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { say } from "../log";

export interface BlobDestination {
  readonly kind: "blob";
  /** `https://<account>.blob.core.windows.net/` */
  readonly url: string;
  readonly container: string;
  readonly subdirectory?: string;
}

export interface BucketDestination {
  readonly kind: "s3";
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  readonly prefix?: string;
}

export type Destination = BlobDestination | BucketDestination;

const BLOCK = 8 * 1024 * 1024;
/** New roles take up to ten minutes to be seen everywhere (Azure RBAC documentation). */
const ROLE_DEADLINE = 600_000;
const PROGRESS = 10_000;

/** `customerKey`: 32 bytes with which the store is to encrypt (CPK). */
export async function putBlob(
  { url, container, subdirectory }: BlobDestination,
  name: string,
  body: Readable,
  customerKey: Buffer | undefined,
): Promise<void> {
  const [{ DefaultAzureCredential }, { BlobServiceClient }] = await Promise.all([
    import("@azure/identity"),
    import("@azure/storage-blob"),
  ]);
  const service = new BlobServiceClient(url, new DefaultAzureCredential());
  const client = service.getContainerClient(container);
  await permitted(() => client.getProperties());
  await client.getBlockBlobClient(inFolder(subdirectory, name)).uploadStream(body, BLOCK, 2, {
    customerProvidedKey: customerKey && {
      encryptionKey: customerKey.toString("base64"),
      encryptionKeySha256: createHash("sha256").update(customerKey).digest("base64"),
      encryptionAlgorithm: "AES256",
    },
  });
}

export async function putObject(
  { url, bucket, region, prefix }: BucketDestination,
  name: string,
  body: Readable,
  bytes: number,
): Promise<void> {
  const { S3Client, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const client = new S3Client({ region, endpoint: url, forcePathStyle: true });
  try {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: inFolder(prefix, name), Body: body, ContentLength: bytes }),
    );
  } finally {
    client.destroy();
  }
}

/** Repeats what is forbidden only because a new role has not spread yet, and says so while it lasts. */
async function permitted(probe: () => Promise<unknown>): Promise<void> {
  const start = Date.now();
  for (let told = start; ;) {
    try {
      await probe();
      return;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 403 || Date.now() - start > ROLE_DEADLINE) {
        throw error;
      }
      if (Date.now() - told >= PROGRESS) {
        told = Date.now();
        say(
          `not permitted to write yet; a new role takes up to ten minutes to spread (${Math.round((told - start) / 1_000)} s so far)`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }
}

function inFolder(folder: string | undefined, name: string): string {
  return folder === undefined || folder === "" ? name : `${folder}/${name}`;
}
