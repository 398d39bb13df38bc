// S3 as one access key sees it, by AWS's own client.
import type { S3Client } from "@aws-sdk/client-s3";
import { hideKnown, knowSecret, quotable } from "../redaction";
import { messageOf } from "../errors";

export interface BucketPlace {
  /** The endpoint: `https://s3.<region>.amazonaws.com`. */
  readonly url: string;
  readonly bucket: string;
  /** Folder in the bucket, without '/' at its ends. */
  readonly prefix?: string;
  /** AWS region of the bucket. */
  readonly region: string;
}

export interface AccessKeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Why a listing did not come. */
export interface ListingRefusal {
  /** Whether a key that is new, or rights that are, may still be on their way. */
  readonly mayPass: boolean;
  /** HTTP status, code and words of S3's. */
  readonly said: string;
}

const TIMEOUT = 10_000;
const LONGEST = 500;

/** Lists the place with this key; answers why that did not work, or nothing when it did. */
export async function listingRefusal(place: BucketPlace, key: AccessKeyPair): Promise<ListingRefusal | undefined> {
  knowSecret(key.secretAccessKey);
  const { S3Client, ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  const client: S3Client = new S3Client({
    region: place.region,
    endpoint: place.url,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: key,
    requestHandler: { requestTimeout: TIMEOUT, connectionTimeout: TIMEOUT },
  });
  try {
    const { prefix = "" } = place;
    const Prefix = prefix === "" ? undefined : `${prefix}/`;
    const { Name } = await client.send(new ListObjectsV2Command({ Bucket: place.bucket, Prefix, MaxKeys: 1 }));
    return Name === place.bucket
      ? undefined
      : { mayPass: true, said: `an answer that is no listing of bucket '${place.bucket}'` };
  } catch (error) {
    const { name = "", $metadata = {} } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const { httpStatusCode: status } = $metadata;
    // A bucket that is not there, or a request that is wrong, stays so; a key and its rights take their time.
    const mayPass = status === undefined || status === 403 || status === 429 || status >= 500 || status < 400;
    const words = quotable(hideKnown(messageOf(error)), LONGEST);
    return { mayPass, said: [status, name, words].filter((each) => each !== undefined && each !== "").join(" ") };
  } finally {
    client.destroy();
  }
}
