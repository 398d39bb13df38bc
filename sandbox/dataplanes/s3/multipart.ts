// Uploads in parts. They live in this process: one that a restart interrupts is begun again, as a client does after
// `NoSuchUpload`.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { invalidRequest, S3Error } from "./errors";
import type { ObjectStore, StoredObject } from "./objects";
import type { Checksum, Payload } from "./payload";

type Part = Pick<StoredObject, "file" | "size" | "etag" | "lastModified" | "checksum">;

interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly initiated: string;
  /** `sha256`: every part has to come with it. */
  readonly algorithm?: string;
  readonly parts: Map<number, Part>;
}

/** A part as a client names it in the end. */
interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum?: string;
}

const SMALLEST_PART = 5 * 1024 * 1024;

export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly objects: ObjectStore) {}

  create(begun: Omit<Upload, "id" | "parts">): string {
    const id = randomUUID();
    this.uploads.set(id, { ...begun, id, parts: new Map() });
    return id;
  }

  /** Of a bucket, by key, then by when they were begun. */
  list(bucket: string): readonly Upload[] {
    const compare = (a: Upload, b: Upload): number =>
      Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.initiated.localeCompare(b.initiated);
    return [...this.uploads.values()].filter((each) => each.bucket === bucket).sort(compare);
  }

  /** Those that have come, by number. */
  parts(id: string, bucket: string, key: string): readonly (readonly [number, Part])[] {
    return [...this.find(id, bucket, key).parts].sort(([a], [b]) => a - b);
  }

  /** @returns the part's ETag, without quotation marks */
  async putPart(
    id: string,
    bucket: string,
    key: string,
    number: number,
    payload: Pick<Payload, "read" | "checksum">,
    lastModified: string,
  ): Promise<string> {
    const { parts, algorithm } = this.find(id, bucket, key);
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      throw new S3Error(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    }
    const part = await this.objects.write(payload.read());
    const { checksum } = payload;
    if (algorithm !== undefined && checksum?.algorithm !== algorithm) {
      await this.objects.discard(part);
      throw invalidRequest(`The upload was created using a ${algorithm} checksum. The part must include one.`);
    }
    const before = parts.get(number);
    parts.set(number, { ...part, lastModified, checksum });
    if (before !== undefined) await this.objects.discard(before);
    return part.etag;
  }

  /** @param list part numbers and ETags in the order of the object. @returns the object's ETag */
  async complete(
    id: string,
    bucket: string,
    key: string,
    list: readonly NamedPart[],
    lastModified: string,
  ): Promise<{ readonly etag: string; readonly checksum?: Checksum }> {
    const upload = this.find(id, bucket, key);
    if (list.length === 0) throw invalidRequest("You must specify at least one part");
    const parts = list.map(({ number, etag, checksum }, index) => {
      const part = upload.parts.get(number);
      const isOther = upload.algorithm !== undefined && part?.checksum?.value !== checksum;
      if (part === undefined || part.etag !== etag || isOther) {
        throw new S3Error(400, "InvalidPart", `Part ${number} was not uploaded, or its ETag is another one.`);
      }
      if (index > 0 && number <= list[index - 1].number) {
        throw new S3Error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
      }
      if (index < list.length - 1 && part.size < SMALLEST_PART) {
        throw new S3Error(400, "EntityTooSmall", `Part ${number} is smaller than the minimum allowed size.`);
      }
      return part;
    });
    const { file, size } = await this.objects.write(this.concatenated(parts));
    const digest = createHash("md5").update(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex"))));
    const etag = `${digest.digest("hex")}-${parts.length}`;
    const checksum = compositeOf(parts, upload.algorithm);
    await this.objects.put(bucket, key, { file, size, etag, lastModified, headers: upload.headers });
    await this.abort(id, bucket, key);
    return { etag, checksum };
  }

  async abort(id: string, bucket: string, key: string): Promise<void> {
    const { parts } = this.find(id, bucket, key);
    this.uploads.delete(id);
    await Promise.all([...parts.values()].map((part) => this.objects.discard(part)));
  }

  /** Removes what unfinished uploads have left. */
  async close(): Promise<void> {
    await Promise.all([...this.uploads].map(([id, { bucket, key }]) => this.abort(id, bucket, key)));
  }

  private find(id: string, bucket: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
      throw new S3Error(404, "NoSuchUpload", "The specified multipart upload does not exist.");
    }
    return upload;
  }

  private async *concatenated(parts: readonly Part[]): AsyncGenerator<Buffer> {
    for (const part of parts) yield* createReadStream(this.objects.path(part)) as AsyncIterable<Buffer>;
  }
}

/** The checksum of the parts' checksums, and how many they were; not modelled for others than SHA-256. */
function compositeOf(parts: readonly Part[], algorithm: string | undefined): Checksum | undefined {
  if (algorithm !== "sha256") return undefined;
  const all = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum?.value ?? "", "base64")));
  return { algorithm, value: `${createHash("sha256").update(all).digest("base64")}-${parts.length}` };
}
