// S3, by its real client: objects, listings, parts, signatures and IAM policies.
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import * as s3 from "@aws-sdk/client-s3";
import type { AccessKeyFacts, BucketFacts } from "../../clouds";
import { collaborator } from "../../world";
import { testContext, type TestContext } from "../testing";
import { type Buckets, type BucketWorld, startBuckets } from ".";

const { awsAccountId } = collaborator("litware");
const bucket: BucketFacts = { name: "litware-data", owner: "litware", account: awsAccountId, region: "us-east-1" };
const foreign: BucketFacts = {
  name: "contosso-data",
  owner: "contosso",
  account: collaborator("contosso").awsAccountId,
  region: "us-east-1",
};
const Bucket = bucket.name;
const user: AccessKeyFacts = {
  user: "reader",
  userArn: `arn:aws:iam::${awsAccountId}:user/reader`,
  account: awsAccountId,
  secret: "reader-secret",
  status: "Active",
  policies: [],
};
const allow = (Action: string | string[], Resource: string, Condition?: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource, Condition }] });

let ctx: TestContext;
let buckets: Buckets;
let keys: Record<string, AccessKeyFacts>;
const world: BucketWorld = {
  bucket: (name) => [bucket, foreign].find((each) => each.name === name),
  iamByAccessKey: (id) => keys[id],
};
beforeAll(async () => {
  ctx = await testContext();
  buckets = await startBuckets(ctx, world);
});
beforeEach(() => {
  keys = {};
});
afterAll(async () => {
  await buckets.stop();
  await ctx.close();
});

function client(accessKeyId?: string, secretAccessKey?: string, options: s3.S3ClientConfig = {}): s3.S3Client {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = buckets.env("litware");
  return new s3.S3Client({
    endpoint: buckets.url,
    region: buckets.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: accessKeyId ?? AWS_ACCESS_KEY_ID,
      secretAccessKey: secretAccessKey ?? AWS_SECRET_ACCESS_KEY,
    },
    ...options,
  });
}
function asUser(...policies: string[]): s3.S3Client {
  keys.AKIAREADER = { ...user, policies };
  return client("AKIAREADER", user.secret);
}
const put = (Key: string, Body: s3.PutObjectCommandInput["Body"], more: Partial<s3.PutObjectCommandInput> = {}) =>
  client().send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, from = client()): Promise<string> =>
  (await (await from.send(new s3.GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? "";

test("what is put is got, with its type and metadata", async () => {
  await put("in/a b+c&d.csv", "x,y\n1,2\n", { ContentType: "text/csv", Metadata: { owner: "litware" } });
  expect(await get("in/a b+c&d.csv")).toBe("x,y\n1,2\n");
  const head = await client().send(new s3.HeadObjectCommand({ Bucket, Key: "in/a b+c&d.csv" }));
  expect(head).toMatchObject({ ContentType: "text/csv", Metadata: { owner: "litware" }, ContentLength: 8 });
});

test("a stream of known length, which the client sends in chunks with a trailing checksum, comes back whole", async () => {
  const data = randomBytes(300_000);
  const parts = [data.subarray(0, 100_000), data.subarray(100_000)];
  await put("streamed", Readable.from(parts), { ContentLength: data.length, ChecksumAlgorithm: "CRC32C" });
  const { Body } = await client().send(new s3.GetObjectCommand({ Bucket, Key: "streamed" }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(data)).toBe(true);
});

test("a range of an object is answered as asked", async () => {
  await put("range", "0123456789");
  const { Body, ContentRange } = await client().send(
    new s3.GetObjectCommand({ Bucket, Key: "range", Range: "bytes=2-4" }),
  );
  expect([await Body?.transformToString(), ContentRange]).toEqual(["234", "bytes 2-4/10"]);
});

test("an empty object is kept as one", async () => {
  await put("empty", Buffer.alloc(0));
  expect(await get("empty")).toBe("");
});

test("keys are listed below a prefix, folded at a delimiter, page by page", async () => {
  for (const key of ["list/a", "list/b/1", "list/b/2", "list/c", "other"]) await put(key, key);
  const pages: string[][] = [];
  for await (const page of s3.paginateListObjectsV2(
    { client: client(), pageSize: 2 },
    { Bucket, Prefix: "list/", Delimiter: "/" },
  )) {
    pages.push([
      ...(page.CommonPrefixes ?? []).map((each) => each.Prefix ?? ""),
      ...(page.Contents ?? []).map((each) => each.Key ?? ""),
    ]);
  }
  expect(pages).toEqual([["list/b/", "list/a"], ["list/c"]]);
});

test("a large object goes up in parts", async () => {
  const data = randomBytes(5 * 1024 * 1024 + 10);
  const Key = "parts";
  const { UploadId } = await client().send(new s3.CreateMultipartUploadCommand({ Bucket, Key }));
  const pieces = [data.subarray(0, 5 * 1024 * 1024), data.subarray(5 * 1024 * 1024)];
  const Parts: s3.CompletedPart[] = [];
  for (const [index, Body] of pieces.entries()) {
    const part = await client().send(new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body }));
    Parts.push({ PartNumber: index + 1, ETag: part.ETag });
  }
  await client().send(new s3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const { Body } = await client().send(new s3.GetObjectCommand({ Bucket, Key }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(data)).toBe(true);
});

test("a deleted object is gone, and deleting it again is no error", async () => {
  await put("gone", "x");
  for (let times = 0; times < 2; times += 1) await client().send(new s3.DeleteObjectCommand({ Bucket, Key: "gone" }));
  await expect(get("gone")).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("objects outlive a restart, and so do the administrator's keys", async () => {
  await put("kept", "still here");
  const before = buckets.env("litware");
  await buckets.stop();
  buckets = await startBuckets(ctx, world);
  expect(buckets.env("litware")).toEqual(before);
  expect(await get("kept")).toBe("still here");
});

test("a bucket that holds objects is deleted only by force", async () => {
  await put("one", "1");
  await expect(buckets.hooks.bucketDeleted(bucket, false)).rejects.toMatchObject({ code: "BucketNotEmpty" });
  await buckets.hooks.bucketDeleted(bucket, true);
  const { KeyCount } = await client().send(new s3.ListObjectsV2Command({ Bucket }));
  expect(KeyCount).toBe(0);
});

describe("an IAM user", () => {
  const objects = `arn:aws:s3:::${Bucket}/in/*`;
  const list = allow("s3:ListBucket", `arn:aws:s3:::${Bucket}`, { StringLike: { "s3:prefix": ["in/", "in/*"] } });
  beforeEach(async () => {
    await put("in/data", "data");
    await put("secret/data", "secret");
  });

  test("reads and lists what the policy allows", async () => {
    const reader = asUser(allow("s3:GetObject", objects), list);
    expect(await get("in/data", reader)).toBe("data");
    const { Contents } = await reader.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "in/" }));
    expect(Contents?.map((each) => each.Key)).toContain("in/data");
  });

  test("fails for another prefix, to read and to list", async () => {
    const reader = asUser(allow("s3:Get*", objects), list);
    await expect(get("secret/data", reader)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining(
        `${user.userArn} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::${Bucket}/secret/data"`,
      ) as string,
    });
    await expect(reader.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "secret/" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(reader.send(new s3.ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("fails to write with a policy that reads", async () => {
    const reader = asUser(allow("s3:GetObject", objects));
    await expect(reader.send(new s3.PutObjectCommand({ Bucket, Key: "in/x", Body: "x" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  test("fails where one policy denies what another allows", async () => {
    const deny = allow("s3:*", objects).replace("Allow", "Deny");
    await expect(get("in/data", asUser(allow("*", "*"), deny))).rejects.toThrow("explicit deny");
  });

  test("fails, and is not let through, for a condition that is not modelled", async () => {
    const strange = allow("s3:GetObject", objects, { IpAddress: { "aws:SourceVpc": "127.0.0.1/32" } });
    await expect(get("in/data", asUser(strange))).rejects.toThrow("does not model the condition key aws:SourceVpc");
  });

  test("is not told whether a key exists, without permission to list", async () => {
    await expect(get("in/none", asUser(allow("s3:GetObject", objects)))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  test("fails with an inactive key", async () => {
    asUser(allow("*", "*"));
    keys.AKIAREADER = { ...keys.AKIAREADER, status: "Inactive" };
    await expect(get("in/data", client("AKIAREADER", user.secret))).rejects.toMatchObject({
      name: "InvalidAccessKeyId",
    });
  });
});

test("fails with a wrong secret, an unknown key and another region", async () => {
  const { AWS_ACCESS_KEY_ID } = buckets.env("litware");
  await expect(get("x", client(AWS_ACCESS_KEY_ID, "wrong"))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  await expect(get("x", client("AKIANOBODY", "x"))).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
  await expect(get("x", client(undefined, undefined, { region: "eu-west-1" }))).rejects.toMatchObject({
    name: "AuthorizationHeaderMalformed",
  });
});

test("fails in another account's bucket, for the administrator too", async () => {
  await expect(client().send(new s3.GetObjectCommand({ Bucket: foreign.name, Key: "x" }))).rejects.toThrow(
    "belongs to account",
  );
});

test("fails where there is no such bucket", async () => {
  await expect(client().send(new s3.ListObjectsV2Command({ Bucket: "none" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
});

test("fails unsigned", async () => {
  const response = await fetch(`${buckets.url}/${Bucket}/in/data`);
  expect([response.status, await response.text()]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")]);
});

test("fails for a signed path that is not encoded as a URI", async () => {
  const { AWS_ACCESS_KEY_ID } = buckets.env("litware");
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${AWS_ACCESS_KEY_ID}/${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const signed = "SignedHeaders=host;x-amz-content-sha256;x-amz-date";
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, ${signed}, Signature=${"0".repeat(64)}`;
  const headers = { authorization, "x-amz-date": date, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const response = await fetch(`${buckets.url}/${Bucket}/%E0%A4%A`, { headers });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("InvalidURI")]);
});
