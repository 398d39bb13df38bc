// What is in the sandbox's stores after an upload, as their owner sees it.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as S3 from "@aws-sdk/client-s3";
import type { Job } from "../../provider/upload/job";
import { decryptBlocks } from "../../sandbox/reader/decrypt";
import { type Bench, bucket } from "../../sandbox/reader/testing";

export interface Shelved {
  readonly plain: Buffer;
  /** As the store holds it. */
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

const Bucket = bucket.name;

export class Shelf {
  readonly #s3: S3.S3Client;

  /** @param key what CSE and CPK encrypt with */
  constructor(
    private readonly bench: Bench,
    private readonly key: Buffer,
  ) {
    const env = bench.dataPlanes.env("contosso");
    this.#s3 = new S3.S3Client({
      endpoint: env.AWS_ENDPOINT_URL_S3,
      region: bucket.region,
      forcePathStyle: true,
      credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" },
    });
  }

  close(): void {
    this.#s3.destroy();
  }

  async read(job: Job): Promise<Shelved> {
    const { body, metadata } = await (job.destination.kind === "s3" ? this.#readObject(job) : this.#readBlob(job));
    const plain = job.encryptionMode === "CSE" ? await this.#decrypted(body) : body;
    return { plain, bytes: body.length, metadata };
  }

  async overwrite(job: Job, text: string): Promise<void> {
    if (job.destination.kind === "blob") await this.bench.upload(pathOf(job), text);
    else await this.#s3.send(new S3.PutObjectCommand({ Bucket, Key: pathOf(job), Body: text }));
  }

  async remove(job: Job): Promise<void> {
    if (job.destination.kind === "blob") await this.bench.container.deleteBlob(pathOf(job));
    else await this.#s3.send(new S3.DeleteObjectCommand({ Bucket, Key: pathOf(job) }));
  }

  /** Numbers of the parts that wait to be made an object, once requests that nobody waits for any more have ended. */
  async settledParts(job: Job): Promise<readonly number[]> {
    let before = await this.#parts(job);
    for (;;) {
      await sleep(250);
      const now = await this.#parts(job);
      if (now.length === before.length) return now;
      before = now;
    }
  }

  /** Keys of the uploads that were begun and not ended. */
  async begun(): Promise<readonly string[]> {
    const { Uploads = [] } = await this.#s3.send(new S3.ListMultipartUploadsCommand({ Bucket }));
    return Uploads.map(({ Key = "" }) => Key);
  }

  async #parts(job: Job): Promise<readonly number[]> {
    const path = pathOf(job);
    if (job.destination.kind === "blob") {
      const { uncommittedBlocks = [] } = await this.bench.container
        .getBlockBlobClient(path)
        .getBlockList("uncommitted");
      return uncommittedBlocks.map(({ name }) => Buffer.from(name, "base64").readUInt32BE(0));
    }
    const { Uploads = [] } = await this.#s3.send(new S3.ListMultipartUploadsCommand({ Bucket, Prefix: path }));
    const UploadId = Uploads[0]?.UploadId;
    const { Parts = [] } = await this.#s3.send(new S3.ListPartsCommand({ Bucket, Key: path, UploadId }));
    // The last one says what the upload is of.
    return Parts.map(({ PartNumber = 0 }) => PartNumber).filter((number) => number < 10_000);
  }

  async #readObject(job: Job): Promise<{ body: Buffer; metadata: Readonly<Record<string, string>> }> {
    const command = new S3.GetObjectCommand({ Bucket, Key: pathOf(job) });
    const { Body, Metadata = {} } = await this.#s3.send(command);
    return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata };
  }

  async #readBlob(job: Job): Promise<{ body: Buffer; metadata: Readonly<Record<string, string>> }> {
    const encryptionKeySha256 = createHash("sha256").update(this.key).digest("base64");
    const cpk = {
      encryptionKey: this.key.toString("base64"),
      encryptionKeySha256,
      encryptionAlgorithm: "AES256" as const,
    };
    const customerProvidedKey = job.encryptionMode === "CPK" ? cpk : undefined;
    const blob = this.bench.container.getBlobClient(pathOf(job));
    const { metadata = {} } = await blob.getProperties({ customerProvidedKey });
    return { body: await blob.downloadToBuffer(0, undefined, { customerProvidedKey }), metadata };
  }

  async #decrypted(body: Buffer): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of decryptBlocks(once(body), this.key)) parts.push(Buffer.from(part));
    return Buffer.concat(parts);
  }
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(body);
}

function pathOf({ destination, objectName }: Job): string {
  const folder = destination.kind === "blob" ? destination.subdirectory : destination.prefix;
  return `${folder}/${objectName}`;
}
