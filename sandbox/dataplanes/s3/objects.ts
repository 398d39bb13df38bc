// Objects of all buckets on disk: each body a file of its own, and a journal of which file is which object. An upload is
// seen whole or not at all, and what was acknowledged outlives kill -9.
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Journal } from "../../journal";
import type { Checksum } from "./payload";

export interface StoredObject {
  readonly file: string;
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly lastModified: string;
  /** Headers that the object was stored with and is answered with: `content-type`, `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

type Entry =
  | { readonly bucket: string; readonly key: string; readonly object: StoredObject }
  | { readonly bucket: string; readonly key: string; readonly gone: true }
  | { readonly bucket: string; readonly gone: true };

export class ObjectStore {
  private constructor(
    private readonly dir: string,
    private readonly journal: Journal<Entry>,
    private readonly buckets: Map<string, Map<string, StoredObject>>,
  ) {}

  static async open(dir: string): Promise<ObjectStore> {
    await mkdir(join(dir, "bodies"), { recursive: true, mode: 0o700 });
    const buckets = new Map<string, Map<string, StoredObject>>();
    const journal = await Journal.open<Entry>(join(dir, "objects.jsonl"), (entry) => apply(buckets, entry));
    return new ObjectStore(dir, journal, buckets);
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.buckets.get(bucket)?.get(key);
  }

  /** Keys in the order of their UTF-8 bytes. */
  keys(bucket: string): readonly string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  path({ file }: Pick<StoredObject, "file">): string {
    return join(this.dir, "bodies", file);
  }

  /** Writes a body to disk, which nobody sees until it is put. Removed again when `content` throws. */
  async write(content: AsyncIterable<Buffer>): Promise<Pick<StoredObject, "file" | "size" | "etag">> {
    const file = randomUUID();
    const handle = await open(this.path({ file }), "wx", 0o600);
    try {
      const written = await writeAll(handle, content);
      await handle.datasync();
      return { file, ...written };
    } catch (error) {
      await rm(this.path({ file }), { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  }

  async put(bucket: string, key: string, object: StoredObject): Promise<void> {
    const before = this.find(bucket, key);
    await this.journal.append({ bucket, key, object });
    if (before !== undefined) await this.discard(before);
  }

  async remove(bucket: string, key: string): Promise<void> {
    const before = this.find(bucket, key);
    if (before === undefined) return;
    await this.journal.append({ bucket, key, gone: true });
    await this.discard(before);
  }

  async removeBucket(bucket: string): Promise<void> {
    const objects = [...(this.buckets.get(bucket)?.values() ?? [])];
    if (!this.buckets.has(bucket)) return;
    await this.journal.append({ bucket, gone: true });
    await Promise.all(objects.map((each) => this.discard(each)));
  }

  discard({ file }: Pick<StoredObject, "file">): Promise<void> {
    return rm(this.path({ file }), { force: true });
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

async function writeAll(handle: FileHandle, content: AsyncIterable<Buffer>): Promise<{ size: number; etag: string }> {
  const md5 = createHash("md5");
  let size = 0;
  for await (const part of content) {
    md5.update(part);
    await handle.appendFile(part);
    size += part.length;
  }
  return { size, etag: md5.digest("hex") };
}

function apply(buckets: Map<string, Map<string, StoredObject>>, entry: Entry): void {
  if (!("key" in entry)) {
    buckets.delete(entry.bucket);
    return;
  }
  const objects = buckets.get(entry.bucket) ?? new Map<string, StoredObject>();
  buckets.set(entry.bucket, objects);
  if ("object" in entry) objects.set(entry.key, entry.object);
  else objects.delete(entry.key);
}
