// The dataset's bucket, by the unmodified S3 client, with the keys of the connection secret alone.
import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { foldersOf, prefixOf, type Store, type StoredObject } from "./store";

interface BucketAddress {
  readonly endpoint: string;
  readonly bucket: string;
  readonly subdirectory?: string | null;
}

export interface BucketKeys {
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
}

/** A dataset does not say its bucket's region: S3 does, when it is asked in the wrong one, and s3fs follows it, too. */
async function inItsRegion(
  open: (region: string) => S3Client,
  region: string,
  ask: (client: S3Client) => Promise<unknown>,
): Promise<S3Client> {
  const client = open(region);
  try {
    await ask(client);
  } catch (error) {
    const { name, Region } = error as { name?: string; Region?: unknown };
    if (name === "AuthorizationHeaderMalformed" && typeof Region === "string") {
      client.destroy();
      return open(Region);
    }
    // Any other refusal is met, and told, by the step that meets it.
  }
  return client;
}

export async function bucketStore(
  { endpoint, bucket, subdirectory }: BucketAddress,
  keys: BucketKeys,
  region: string,
  ca: string,
): Promise<Store> {
  const s3 = await import("@aws-sdk/client-s3");
  const open = (where: string): S3Client =>
    new s3.S3Client({
      endpoint,
      region: where,
      forcePathStyle: true,
      maxAttempts: 2,
      credentials: { accessKeyId: keys.awsAccessKeyId, secretAccessKey: keys.awsSecretAccessKey },
      requestHandler: { httpsAgent: { ca } },
    });
  const client = await inItsRegion(open, region, (asked) =>
    asked.send(new s3.ListObjectsV2Command({ Bucket: bucket, Prefix: prefixOf(subdirectory), MaxKeys: 1 })),
  );
  return {
    list: async () => {
      const found: StoredObject[] = [];
      const pages = s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefixOf(subdirectory) });
      for await (const { Contents = [] } of pages) {
        for (const { Key = "", Size = 0 } of Contents) found.push({ name: Key, size: Size });
      }
      return found;
    },
    folders: async () => {
      try {
        const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket: bucket }));
        return await foldersOf(Readable.from(Contents.map(({ Key = "" }) => Key)));
      } catch {
        // A user of one folder may list no other, as it should be.
        return undefined;
      }
    },
    read: async (name) => {
      const { Body, Metadata = {} } = await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key: name }));
      if (Body === undefined) throw new Error(`object ${name} came without a body`);
      return { metadata: Metadata, body: Body as unknown as AsyncIterable<Uint8Array> };
    },
    write: async (name, content) => {
      await client.send(new s3.PutObjectCommand({ Bucket: bucket, Key: name, Body: content }));
    },
    remove: async (name) => {
      await client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
  };
}
