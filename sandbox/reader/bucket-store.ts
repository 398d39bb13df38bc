// The dataset's bucket, by the unmodified S3 client, with the keys of the connection secret alone.
import { prefixOf, type Store, type StoredObject } from "./store";

interface BucketAddress {
  readonly endpoint: string;
  readonly bucket: string;
  readonly subdirectory?: string | null;
}

export interface BucketKeys {
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
}

export async function bucketStore(
  { endpoint, bucket, subdirectory }: BucketAddress,
  keys: BucketKeys,
  region: string,
  ca: string,
): Promise<Store> {
  const s3 = await import("@aws-sdk/client-s3");
  const client = new s3.S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 2,
    credentials: { accessKeyId: keys.awsAccessKeyId, secretAccessKey: keys.awsSecretAccessKey },
    requestHandler: { httpsAgent: { ca } },
  });
  return {
    list: async () => {
      const found: StoredObject[] = [];
      const pages = s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefixOf(subdirectory) });
      for await (const { Contents = [] } of pages) {
        for (const { Key = "", Size = 0 } of Contents) found.push({ name: Key, size: Size });
      }
      return found;
    },
    read: async (name) => {
      const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key: name }));
      if (Body === undefined) throw new Error(`object ${name} came without a body`);
      return Body as unknown as AsyncIterable<Uint8Array>;
    },
    write: async (name, content) => {
      await client.send(new s3.PutObjectCommand({ Bucket: bucket, Key: name, Body: content }));
    },
    remove: async (name) => {
      await client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
  };
}
