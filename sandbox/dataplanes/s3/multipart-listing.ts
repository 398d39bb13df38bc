// ListMultipartUploads and ListParts: what was begun and not finished, page by page.
import type { Address } from "./address";
import { S3Error, xml, type XmlContent } from "./errors";
import type { Uploads } from "./multipart";
import type { Checksum } from "./payload";

const LARGEST_PAGE = 1_000;

export function uploadsXml(all: ReturnType<Uploads["list"]>, bucket: string, query: URLSearchParams): string {
  if (query.has("delimiter")) {
    throw new S3Error(501, "NotImplemented", "The sandbox does not model the delimiter of ListMultipartUploads.");
  }
  const [prefix, keyMarker, idMarker] = ["prefix", "key-marker", "upload-id-marker"].map(
    (name) => query.get(name) ?? "",
  );
  const size = sizeOf(query.get("max-uploads"));
  const matching = all.filter(({ key }) => key.startsWith(prefix));
  // After the upload that the last page ended with; without its id after all uploads of its key.
  const last = matching.findLastIndex(({ key, id }) => key === keyMarker && (idMarker === "" || id === idMarker));
  const from = keyMarker === "" ? 0 : last >= 0 ? last + 1 : matching.filter(({ key }) => key <= keyMarker).length;
  const page = matching.slice(from, from + size);
  const isTruncated = from + size < matching.length;
  const end = page.at(-1);
  return xml("ListMultipartUploadsResult", {
    Bucket: bucket,
    Prefix: prefix,
    KeyMarker: keyMarker,
    UploadIdMarker: idMarker,
    NextKeyMarker: isTruncated ? end?.key : undefined,
    NextUploadIdMarker: isTruncated ? end?.id : undefined,
    MaxUploads: size,
    IsTruncated: isTruncated,
    Upload: page.map(({ key, id, initiated, algorithm }) => ({
      Key: key,
      UploadId: id,
      Initiated: initiated,
      StorageClass: "STANDARD",
      ChecksumAlgorithm: algorithm?.toUpperCase(),
    })),
  });
}

export function partsXml(all: ReturnType<Uploads["parts"]>, { bucket, key, query }: Address): string {
  const after = Number(query.get("part-number-marker") ?? 0);
  const size = sizeOf(query.get("max-parts"));
  const matching = all.filter(([number]) => number > after);
  const page = matching.slice(0, size);
  const isTruncated = matching.length > size;
  return xml("ListPartsResult", {
    Bucket: bucket,
    Key: key,
    UploadId: query.get("uploadId") ?? "",
    PartNumberMarker: after,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.[0] : undefined,
    MaxParts: size,
    IsTruncated: isTruncated,
    Part: page.map(([number, part]) => ({
      PartNumber: number,
      LastModified: part.lastModified,
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...elementOf(part.checksum),
    })),
  });
}

/** `ChecksumSHA256`, as XML has it. */
export function elementOf(checksum: Checksum | undefined): XmlContent {
  return checksum === undefined ? {} : { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value };
}

function sizeOf(text: string | null): number {
  const size = Math.min(LARGEST_PAGE, Number(text ?? LARGEST_PAGE));
  if (!Number.isInteger(size) || size < 1) throw new S3Error(400, "InvalidArgument", "A page has at least one entry.");
  return size;
}
