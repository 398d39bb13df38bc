// The body of an upload, whichever way it is sent: plain with its digest, unsigned, or in chunks (`aws-chunked`), signed
// or not, with a checksum after them. What arrives otherwise than it was sent is refused before it is stored.
import { createHash, type Hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Crc32, Crc32c } from "./crc";
import { invalidRequest, S3Error } from "./errors";
import { hmac, sameHex, sha256, type Signed } from "./signature";

export interface Checksum {
  /** `crc32`, as in the header `x-amz-checksum-crc32`. */
  readonly algorithm: string;
  /** base64 */
  readonly value: string;
}

interface Digest {
  update(data: Buffer): unknown;
  digest(encoding: "base64"): string;
}

const algorithms: Readonly<Record<string, () => Digest | Hash>> = {
  crc32: () => new Crc32(),
  crc32c: () => new Crc32c(),
  sha1: () => createHash("sha1"),
  sha256: () => createHash("sha256"),
};
const EMPTY = sha256("");
const LARGEST_CHUNK = 64 * 1024 * 1024;

export class Payload {
  /** Of what was read, once it was read to its end. */
  checksum: Checksum | undefined;
  private readonly trailers: Record<string, string> = {};

  constructor(
    private readonly request: IncomingMessage,
    private readonly signed: Signed,
  ) {}

  /** @throws S3Error when digest, chunk signature or checksum do not match what came */
  async *read(): AsyncGenerator<Buffer> {
    const { payload } = this.signed;
    const [algorithm, digest] = this.expectedDigest();
    const [whole, md5] = [createHash("sha256"), createHash("md5")];
    for await (const part of payload.startsWith("STREAMING-") ? this.chunks() : this.plain()) {
      whole.update(part);
      md5.update(part);
      digest?.update(part);
      yield part;
    }
    if (/^[0-9a-f]{64}$/.test(payload) && whole.digest("hex") !== payload) {
      throw new S3Error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const expectedMd5 = this.request.headers["content-md5"];
    if (expectedMd5 !== undefined && md5.digest("base64") !== expectedMd5) {
      throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    }
    if (algorithm !== undefined && digest !== undefined) this.checkDigest(algorithm, digest.digest("base64"));
  }

  private checkDigest(algorithm: string, value: string): void {
    const name = `x-amz-checksum-${algorithm}`;
    const expected = this.trailers[name] ?? this.request.headers[name];
    if (expected !== value) {
      throw new S3Error(
        400,
        "BadDigest",
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    }
    this.checksum = { algorithm, value };
  }

  private expectedDigest(): [string, Digest] | [undefined, undefined] {
    const { headers } = this.request;
    const names = [...Object.keys(headers), ...String(headers["x-amz-trailer"] ?? "").split(",")].map((each) =>
      each.trim(),
    );
    const name = names.find((each) => each.startsWith("x-amz-checksum-") && !/-(mode|type|algorithm)$/.test(each));
    if (name === undefined) return [undefined, undefined];
    const algorithm = name.slice("x-amz-checksum-".length);
    const make = algorithms[algorithm];
    if (make === undefined)
      throw new S3Error(501, "NotImplemented", `The sandbox does not model the checksum ${algorithm}.`);
    return [algorithm, make()];
  }

  private async *plain(): AsyncGenerator<Buffer> {
    for await (const part of this.request as AsyncIterable<Buffer>) yield part;
  }

  /** `<size in hexadecimal>[;chunk-signature=<signature>]\r\n<bytes>\r\n`, until size 0; then trailers. */
  private async *chunks(): AsyncGenerator<Buffer> {
    const source = new LineSource(this.request);
    const isSigned = this.signed.payload.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    let previous = this.signed.seed.signature;
    for (;;) {
      const [, size, , signature = ""] =
        /^([0-9a-f]+)(;chunk-signature=([0-9a-f]{64}))?$/i.exec(await source.line()) ?? [];
      if (size === undefined) throw invalidRequest("The body is not encoded as aws-chunked.");
      const length = parseInt(size, 16);
      if (length > LARGEST_CHUNK) throw invalidRequest(`A chunk of ${length} bytes is larger than ${LARGEST_CHUNK}.`);
      const data = await source.take(length);
      if (isSigned) {
        this.checkSignature("AWS4-HMAC-SHA256-PAYLOAD", [previous, EMPTY, sha256(data)], signature);
        previous = signature;
      }
      if (length === 0) break;
      await source.line();
      yield data;
    }
    await this.readTrailers(source, isSigned ? previous : undefined);
  }

  private async readTrailers(source: LineSource, previous: string | undefined): Promise<void> {
    let text = "";
    for (let line = await source.line(); line !== ""; line = await source.line()) {
      const [name, value] = line.split(/:(.*)/s, 2).map((each) => each.trim());
      this.trailers[name.toLowerCase()] = value;
      if (name !== "x-amz-trailer-signature") text += `${name}:${value}\n`;
    }
    if (previous === undefined || !this.signed.payload.endsWith("-TRAILER")) return;
    this.checkSignature(
      "AWS4-HMAC-SHA256-TRAILER",
      [previous, sha256(text)],
      this.trailers["x-amz-trailer-signature"] ?? "",
    );
  }

  private checkSignature(kind: string, parts: readonly string[], signature: string): void {
    const { date, scope, key } = this.signed.seed;
    if (!sameHex(hmac(key, [kind, date, scope, ...parts].join("\n")).toString("hex"), signature)) {
      throw new S3Error(
        403,
        "SignatureDoesNotMatch",
        "The signature of a chunk or trailer does not match what was sent.",
      );
    }
  }
}

/** Lines and counted bytes of a stream. The end of the stream reads as an empty line. */
class LineSource {
  private readonly iterator: AsyncIterator<Buffer>;
  private buffer: Buffer = Buffer.alloc(0);

  constructor(request: IncomingMessage) {
    this.iterator = (request as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    let end = this.buffer.indexOf("\r\n");
    while (end < 0) {
      if (this.buffer.length > 16_384) throw invalidRequest("A line of the chunked body is too long.");
      if (!(await this.more())) return "";
      end = this.buffer.indexOf("\r\n");
    }
    const text = this.buffer.toString("latin1", 0, end);
    this.buffer = this.buffer.subarray(end + 2);
    return text;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    for (;;) {
      const part = this.buffer.subarray(0, missing);
      this.buffer = this.buffer.subarray(part.length);
      parts.push(part);
      missing -= part.length;
      if (missing === 0) return Buffer.concat(parts, count);
      if (!(await this.more())) throw new S3Error(400, "IncompleteBody", "The body ended in the middle of a chunk.");
    }
  }

  private async more(): Promise<boolean> {
    const { value, done } = (await this.iterator.next()) as IteratorResult<Buffer, undefined>;
    if (done === true || value === undefined) return false;
    this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
    return true;
  }
}
