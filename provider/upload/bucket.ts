// AWS S3, as a target of uploads. S3 chooses the id of an upload in parts, and shows neither its metadata nor its purpose: so
// a last part, which is never made part of the object, holds what the upload is of. Each part is known by its SHA-256.
import { createHash } from "node:crypto";
import type * as S3 from "@aws-sdk/client-s3";
import type { BucketDestination } from "./job";
import { carries, type Marks } from "./marks";
import type { Part } from "./parts";
import { type Patience, refusalOf } from "./patience";
import { say } from "../log";
import type { Stored, Target } from "./target";

/** Of an upload, the last of which is ours. */
const MOST_PARTS = 9_999;
const LABEL_NUMBER = 10_000;
/** What was begun for other content, and is as old as this, is of nobody any more. */
const STALE_MILLISECONDS = 24 * 60 * 60 * 1_000;

export class BucketTarget implements Target {
  readonly mostParts = MOST_PARTS;
  readonly place: string;
  readonly #object: { readonly Bucket: string; readonly Key: string };
  /** SHA-256 in base64 by number. */
  readonly #there = new Map<number, S3.Part>();
  readonly #done = new Map<number, S3.CompletedPart>();
  #uploadId = "";

  private constructor(
    private readonly s3: typeof S3,
    private readonly client: S3.S3Client,
    { url, bucket, prefix }: BucketDestination,
    name: string,
    private readonly patience: Patience,
  ) {
    this.#object = { Bucket: bucket, Key: prefix === undefined || prefix === "" ? name : `${prefix}/${name}` };
    this.place = `${url.replace(/\/+$/, "")}/${bucket}/${this.#object.Key}`;
  }

  static async open(destination: BucketDestination, name: string, patience: Patience): Promise<BucketTarget> {
    const s3 = await import("@aws-sdk/client-s3");
    const client = new s3.S3Client({
      region: destination.region,
      endpoint: destination.url,
      forcePathStyle: true,
      // Requests are repeated here, where it is known what for; and each carries a checksum that we have already.
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    return new BucketTarget(s3, client, destination, name, patience);
  }

  find(): Promise<Stored | "unseen" | undefined> {
    const command = new this.s3.HeadObjectCommand(this.#object);
    return this.patience.run(`look at ${this.place}`, async (abortSignal) => {
      try {
        const { ContentLength = 0, Metadata = {} } = await this.client.send(command, { abortSignal });
        return { bytes: ContentLength, metadata: Metadata };
      } catch (error) {
        const { status } = refusalOf(error);
        if (status === 404) return undefined;
        // Who may not list is told of a missing object that it is forbidden.
        if (status === 403) return "unseen";
        throw error;
      }
    });
  }

  putWhole({ body, sha256 }: Part, marks: Marks): Promise<void> {
    const ChecksumSHA256 = sha256.toString("base64");
    const input = { ...this.#object, Body: body, ContentLength: body.length, ChecksumSHA256, Metadata: { ...marks } };
    return this.patience.run(`put ${this.place}`, async (abortSignal) => {
      await this.client.send(new this.s3.PutObjectCommand(input), { abortSignal });
    });
  }

  async begin(marks: Marks): Promise<void> {
    const label = Buffer.from(JSON.stringify(marks));
    const checksum = createHash("sha256").update(label).digest("base64");
    this.#uploadId = (await this.#earlier(checksum)) ?? (await this.#create(marks, label, checksum));
  }

  has({ number, body, sha256 }: Part): boolean {
    const { Size, ETag, ChecksumSHA256 } = this.#there.get(number) ?? {};
    const isThere = Size === body.length && ChecksumSHA256 === sha256.toString("base64");
    if (isThere) this.#done.set(number, { PartNumber: number, ETag, ChecksumSHA256 });
    return isThere;
  }

  async put({ number, body, sha256 }: Part): Promise<void> {
    const ETag = await this.#putPart(`put part ${number} of ${this.place}`, number, body, sha256.toString("base64"));
    this.#done.set(number, { PartNumber: number, ETag, ChecksumSHA256: sha256.toString("base64") });
  }

  async commit(count: number, marks: Marks): Promise<void> {
    const Parts = Array.from({ length: count }, (_, at) => this.#done.get(at + 1) ?? {});
    const input = { ...this.#object, UploadId: this.#uploadId, MultipartUpload: { Parts } };
    try {
      await this.patience.run(`commit ${this.place}`, (abortSignal) =>
        this.client.send(new this.s3.CompleteMultipartUploadCommand(input), { abortSignal }),
      );
    } catch (error) {
      // It may have been done by a request whose answer was lost: then the upload is over, and the object is there.
      if (refusalOf((error as Error).cause).code !== "NoSuchUpload") throw error;
      const there = await this.find();
      if (there === undefined || there === "unseen" || !carries(there.metadata, marks)) throw error;
    }
  }

  close(): void {
    this.client.destroy();
  }

  /** Id of the upload whose label is ours, with the parts it has; what others have left behind is taken away. */
  async #earlier(checksum: string): Promise<string | undefined> {
    for (const { UploadId = "", Initiated } of await this.#uploads()) {
      const [label] = await this.#parts(UploadId, LABEL_NUMBER - 1);
      if (label?.ChecksumSHA256 === checksum) {
        for (const part of await this.#parts(UploadId)) this.#there.set(part.PartNumber ?? 0, part);
        return UploadId;
      }
      if (label !== undefined && Date.now() - (Initiated?.getTime() ?? Date.now()) > STALE_MILLISECONDS) {
        await this.#abort(UploadId);
      }
    }
    return undefined;
  }

  async #create(marks: Marks, label: Buffer, checksum: string): Promise<string> {
    const input = { ...this.#object, Metadata: { ...marks }, ChecksumAlgorithm: "SHA256" as const };
    const { UploadId = "" } = await this.patience.run(`begin to put ${this.place}`, (abortSignal) =>
      this.client.send(new this.s3.CreateMultipartUploadCommand(input), { abortSignal }),
    );
    this.#uploadId = UploadId;
    await this.#putPart(`label the upload of ${this.place}`, LABEL_NUMBER, label, checksum);
    return UploadId;
  }

  async #putPart(step: string, number: number, body: Buffer, checksum: string): Promise<string | undefined> {
    const place = { ...this.#object, UploadId: this.#uploadId, PartNumber: number };
    const input = { ...place, Body: body, ContentLength: body.length, ChecksumSHA256: checksum };
    const { ETag } = await this.patience.run(step, (abortSignal) =>
      this.client.send(new this.s3.UploadPartCommand(input), { abortSignal }),
    );
    return ETag;
  }

  /** Newest first, of this very object; none where they may not be listed. */
  async #uploads(): Promise<readonly S3.MultipartUpload[]> {
    const { Bucket, Key } = this.#object;
    const step = `list what was begun of ${this.place}`;
    const found: S3.MultipartUpload[] = [];
    let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    try {
      while (markers !== undefined) {
        const command: S3.ListMultipartUploadsCommand = new this.s3.ListMultipartUploadsCommand({
          Bucket,
          Prefix: Key,
          ...markers,
        });
        const page = await this.patience.run(step, (abortSignal) => this.client.send(command, { abortSignal }));
        found.push(...(page.Uploads ?? []).filter((each) => each.Key === Key));
        const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
        markers = IsTruncated === true ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
      }
    } catch (error) {
      if (refusalOf((error as Error).cause).status !== 403) throw error;
      say(`${step}: not permitted, so it begins anew.`);
    }
    return found.sort((a, b) => (b.Initiated?.getTime() ?? 0) - (a.Initiated?.getTime() ?? 0));
  }

  async #parts(UploadId: string, after = 0): Promise<readonly S3.Part[]> {
    const found: S3.Part[] = [];
    let marker: string | undefined = String(after);
    while (marker !== undefined) {
      const command: S3.ListPartsCommand = new this.s3.ListPartsCommand({
        ...this.#object,
        UploadId,
        PartNumberMarker: marker,
      });
      const page = await this.patience.run(`list the parts of ${this.place}`, (abortSignal) =>
        this.client.send(command, { abortSignal }),
      );
      found.push(...(page.Parts ?? []));
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    }
    return found;
  }

  async #abort(UploadId: string): Promise<void> {
    const command = new this.s3.AbortMultipartUploadCommand({ ...this.#object, UploadId });
    await this.patience.run(`take away an old upload of ${this.place}`, async (abortSignal) => {
      try {
        await this.client.send(command, { abortSignal });
      } catch (error) {
        // Somebody else was faster, or it is not ours to take away.
        const { status } = refusalOf(error);
        if (status !== 404 && status !== 403) throw error;
      }
    });
  }
}
