// ListObjectsV2: keys below a prefix, folded at a delimiter, page by page.
import { S3Error, xml, type XmlContent } from "./errors";
import type { ObjectStore } from "./objects";

const LARGEST_PAGE = 1000;

export function listObjects(objects: ObjectStore, bucket: string, query: URLSearchParams): string {
  if (query.get("list-type") !== "2") {
    throw new S3Error(501, "NotImplemented", "The sandbox does not model version 1 of ListObjects: use list-type=2.");
  }
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const size = Math.min(LARGEST_PAGE, Number(query.get("max-keys") ?? LARGEST_PAGE));
  if (!Number.isInteger(size) || size < 0) throw new S3Error(400, "InvalidArgument", "max-keys must be a whole number");
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString("utf8");
  const encode = query.get("encoding-type") === "url" ? encodeKey : (key: string): string => key;
  const entries = fold(objects.keys(bucket), prefix, delimiter).filter(({ last }) => comesAfter(last, after));
  const page = entries.slice(0, size);
  const next = entries.length > size ? page.at(-1)?.last : undefined;
  return xml("ListBucketResult", {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    EncodingType: query.get("encoding-type") ?? undefined,
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: next !== undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString("base64url"),
    Contents: page.filter(({ folded }) => !folded).map(({ name }) => content(objects, bucket, name, encode)),
    CommonPrefixes: page.filter(({ folded }) => folded).map(({ name }) => ({ Prefix: encode(name) })),
  });
}

interface Entry {
  readonly name: string;
  /** The last key that the entry stands for: where the next page begins. */
  readonly last: string;
  readonly folded: boolean;
}

function fold(keys: readonly string[], prefix: string, delimiter: string): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + delimiter.length);
    entries.set(name, { name, last: key, folded: end >= 0 });
  }
  return [...entries.values()];
}

function content(objects: ObjectStore, bucket: string, key: string, encode: (key: string) => string): XmlContent {
  const object = objects.find(bucket, key);
  return {
    Key: encode(key),
    LastModified: object?.lastModified,
    ETag: `"${object?.etag}"`,
    Size: object?.size,
    StorageClass: "STANDARD",
  };
}

const comesAfter = (key: string, after: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
const encodeKey = (key: string): string => encodeURIComponent(key).replace(/%2F/g, "/");
