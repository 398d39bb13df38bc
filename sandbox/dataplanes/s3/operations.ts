// S3's operations as far as the sandbox models them: objects whole and in parts, listings, and whether a bucket is there.
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { BucketFacts } from "../../clouds";
import type { Address } from "./address";
import { answerXml, requestId, S3Error, xml } from "./errors";
import { listObjects } from "./listing";
import { elementOf, partsXml, uploadsXml } from "./multipart-listing";
import type { Uploads } from "./multipart";
import type { ObjectStore, StoredObject } from "./objects";
import type { Payload } from "./payload";
import { readRange } from "./range";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly address: Address;
  readonly bucket: BucketFacts;
  readonly payload: Payload;
  readonly objects: ObjectStore;
  readonly uploads: Uploads;
  readonly now: Date;
  /** A missing object is only told to those who may list. */
  readonly mayList: boolean;
}

export interface Operation {
  /** What IAM must allow. */
  readonly action: string;
  run(exchange: Exchange): Promise<void>;
}

/** @returns undefined for what the sandbox does not model */
export function operationOf(method: string, { key, query }: Address, copies: boolean): Operation | undefined {
  const subresource = ["uploads", "uploadId", "location"].find((name) => query.has(name));
  const known = ["uploads", "uploadId", "partNumber", "location", "list-type", "prefix", "delimiter", "x-id"];
  const others = ["max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner"];
  const ofParts = ["max-parts", "part-number-marker", "max-uploads", "key-marker", "upload-id-marker"];
  if (copies || [...query.keys()].some((name) => ![...known, ...others, ...ofParts].includes(name))) return undefined;
  if (key === "") {
    if (method === "HEAD") return headBucket;
    if (method !== "GET") return undefined;
    if (subresource === undefined) return listing;
    return { location: getLocation, uploads: listUploads }[subresource];
  }
  if (subresource === "uploads") return method === "POST" ? createUpload : undefined;
  if (subresource === "uploadId")
    return { PUT: uploadPart, POST: completeUpload, GET: listParts, DELETE: abortUpload }[method];
  return { PUT: putObject, GET: getObject, HEAD: getObject, DELETE: deleteObject }[method];
}

const headBucket: Operation = {
  action: "s3:ListBucket",
  run: ({ response, bucket }) => answer(response, 200, { "x-amz-bucket-region": bucket.region }),
};

const getLocation: Operation = {
  action: "s3:GetBucketLocation",
  run: async ({ response, bucket }) => {
    const region = bucket.region === "us-east-1" ? "" : bucket.region;
    answerXml(
      response,
      200,
      `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`,
    );
    return Promise.resolve();
  },
};

const listing: Operation = {
  action: "s3:ListBucket",
  run: ({ response, objects, bucket, address }) => {
    answerXml(response, 200, listObjects(objects, bucket.name, address.query));
    return Promise.resolve();
  },
};

const putObject: Operation = {
  action: "s3:PutObject",
  run: async ({ request, response, objects, address, payload, now }) => {
    const { bucket, key } = address;
    checkPreconditions(request, objects.find(bucket, key));
    const headers = storedHeaders(request);
    const body = await objects.write(payload.read());
    const { checksum } = payload;
    await objects.put(bucket, key, { ...body, headers, lastModified: now.toISOString(), checksum });
    await answer(response, 200, {
      etag: `"${body.etag}"`,
      ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    });
  },
};

const getObject: Operation = {
  action: "s3:GetObject",
  run: async ({ request, response, objects, address: { bucket, key }, mayList }) => {
    const object = objects.find(bucket, key);
    if (object === undefined) {
      throw mayList
        ? new S3Error(404, "NoSuchKey", "The specified key does not exist.")
        : new S3Error(403, "AccessDenied", "Access Denied: there is no such key, or no permission to see it.");
    }
    const range = readRange(request.headers.range, object.size);
    const { start, end } = range ?? { start: 0, end: object.size - 1 };
    const { checksum } = object;
    const isChecked =
      checksum !== undefined && range === undefined && request.headers["x-amz-checksum-mode"] === "ENABLED";
    response.writeHead(range === undefined ? 200 : 206, {
      ...object.headers,
      "accept-ranges": "bytes",
      "content-length": end - start + 1,
      ...(range && { "content-range": `bytes ${start}-${end}/${object.size}` }),
      ...(isChecked && {
        [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
        "x-amz-checksum-type": "FULL_OBJECT",
      }),
      etag: `"${object.etag}"`,
      "last-modified": new Date(object.lastModified).toUTCString(),
      "x-amz-server-side-encryption": "AES256",
      "x-amz-request-id": requestId(),
    });
    if (request.method === "HEAD" || object.size === 0) response.end();
    else await pipeline(createReadStream(objects.path(object), { start, end }), response);
  },
};

const deleteObject: Operation = {
  action: "s3:DeleteObject",
  run: async ({ response, objects, address: { bucket, key } }) => {
    await objects.remove(bucket, key);
    await answer(response, 204);
  },
};

const listUploads: Operation = {
  action: "s3:ListBucketMultipartUploads",
  run: ({ response, uploads, bucket, address }) => {
    answerXml(response, 200, uploadsXml(uploads.list(bucket.name), bucket.name, address.query));
    return Promise.resolve();
  },
};

const listParts: Operation = {
  action: "s3:ListMultipartUploadParts",
  run: ({ response, uploads, address }) => {
    const { bucket, key, query } = address;
    answerXml(response, 200, partsXml(uploads.parts(query.get("uploadId") ?? "", bucket, key), address));
    return Promise.resolve();
  },
};

const createUpload: Operation = {
  action: "s3:PutObject",
  run: ({ request, response, uploads, address: { bucket, key }, now }) => {
    const named = request.headers["x-amz-checksum-algorithm"];
    const algorithm = typeof named === "string" ? named.toLowerCase() : undefined;
    const id = uploads.create({
      bucket,
      key,
      headers: storedHeaders(request),
      initiated: now.toISOString(),
      algorithm,
    });
    answerXml(response, 200, xml("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: id }));
    return Promise.resolve();
  },
};

const uploadPart: Operation = {
  action: "s3:PutObject",
  run: async ({ response, uploads, address: { bucket, key, query }, payload, now }) => {
    const id = query.get("uploadId") ?? "";
    const number = Number(query.get("partNumber"));
    const etag = await uploads.putPart(id, bucket, key, number, payload, now.toISOString());
    const { checksum } = payload;
    await answer(response, 200, {
      etag: `"${etag}"`,
      ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    });
  },
};

const completeUpload: Operation = {
  action: "s3:PutObject",
  run: async ({ response, uploads, address: { bucket, key, query }, payload, now }) => {
    const parts = await readParts(payload);
    const id = query.get("uploadId") ?? "";
    const { etag, checksum } = await uploads.complete(id, bucket, key, parts, now.toISOString());
    const made = { Bucket: bucket, Key: key, ETag: `"${etag}"`, ...elementOf(checksum) };
    answerXml(response, 200, xml("CompleteMultipartUploadResult", made));
  },
};

const abortUpload: Operation = {
  action: "s3:AbortMultipartUpload",
  run: async ({ response, uploads, address: { bucket, key, query } }) => {
    await uploads.abort(query.get("uploadId") ?? "", bucket, key);
    await answer(response, 204);
  },
};

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): Promise<void> {
  response.writeHead(status, {
    ...headers,
    ...(status !== 204 && { "content-length": 0 }),
    "x-amz-request-id": requestId(),
  });
  response.end();
  return Promise.resolve();
}

function checkPreconditions({ headers }: IncomingMessage, existing: StoredObject | undefined): void {
  const isThere = existing !== undefined && headers["if-none-match"] === "*";
  const isOther = headers["if-match"] !== undefined && headers["if-match"] !== `"${existing?.etag}"`;
  if (isThere || isOther) {
    throw new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
  }
}

function storedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const kept = ["content-type", "cache-control", "content-disposition", "content-language"];
  const encoding = String(headers["content-encoding"] ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "aws-chunked");
  return {
    "content-type": "binary/octet-stream",
    ...(encoding.length > 0 && { "content-encoding": encoding.join(",") }),
    ...Object.fromEntries(
      Object.entries(headers).filter(([name]) => kept.includes(name) || name.startsWith("x-amz-meta-")) as [
        string,
        string,
      ][],
    ),
  };
}

async function readParts(payload: Payload): Promise<{ number: number; etag: string; checksum?: string }[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of payload.read()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/s.exec(part)?.[1] ?? "").replace(/&quot;|&#34;|"/g, ""),
    checksum: /<Checksum[A-Z0-9]+>(.*?)<\/Checksum[A-Z0-9]+>/s.exec(part)?.[1],
  }));
}
