// The parts of a file, made one after the other in memory that is used again: however large the file is, it takes the same.
import { createHash, type Hash } from "node:crypto";
import type { Layout } from "./layout";
import { type Sealer, writeTrailer } from "./seal";

export interface Part {
  /** From 1 on. */
  readonly number: number;
  /** What is brought up; valid until the part is released. */
  readonly body: Buffer;
  /** Of the body. */
  readonly sha256: Buffer;
}

/** A file that is read from any position; a `FileHandle` is one. */
export interface Source {
  read(into: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

/** Reads a file from its beginning to its end, and makes its parts. */
export class Parts {
  readonly #hash: Hash = createHash("sha256");
  readonly #block: Buffer;
  #next = 1;

  constructor(
    private readonly file: Source,
    private readonly layout: Layout,
    private readonly sealer: Sealer | undefined,
  ) {
    this.#block = Buffer.alloc(sealer === undefined ? 0 : layout.blockSize);
  }

  /** The next part, in `target`; undefined after the last one. */
  async next(target: Buffer): Promise<Part | undefined> {
    const { parts, blocksPerPart, size, blockSize } = this.layout;
    if (this.#next > parts) return undefined;
    const number = this.#next++;
    const first = (number - 1) * blocksPerPart;
    const last = Math.min(first + blocksPerPart, Math.ceil(size / blockSize));
    let end = 0;
    for (let index = first; index < last; index++) {
      end = await this.#addBlock(index, target, end);
    }
    if (this.sealer !== undefined && number === parts) {
      end = writeTrailer(last * blockSize - size, target, end);
    }
    const body = target.subarray(0, end);
    return { number, body, sha256: createHash("sha256").update(body).digest() };
  }

  /** Of the whole file, once the last part was made. */
  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  async #addBlock(index: number, target: Buffer, at: number): Promise<number> {
    const { size, blockSize } = this.layout;
    const length = Math.min(blockSize, size - index * blockSize);
    const block = this.sealer === undefined ? target.subarray(at, at + length) : this.#block.subarray(0, length);
    await this.#read(block, index * blockSize);
    this.#hash.update(block);
    if (this.sealer === undefined) return at + length;
    this.#block.fill(0, length);
    return this.sealer.seal(this.#block, index, target, at);
  }

  /** A file that became shorter reads as zeros, and its digest shows it. */
  async #read(into: Buffer, position: number): Promise<void> {
    for (let done = 0; done < into.length;) {
      const { bytesRead } = await this.file.read(into, done, into.length - done, position + done);
      if (bytesRead === 0) {
        into.fill(0, done);
        return;
      }
      done += bytesRead;
    }
  }
}
