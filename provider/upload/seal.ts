// Client-side encryption as the clean room's mount reads it (azure-cleanroom 8.0.0, blobfuse-launcher/encryptor):
// blocks of 16 MiB by AES-256-GCM, each as nonce, ciphertext and tag; the last one filled up with zeros, then how many.
import { createCipheriv, createHash, createHmac, hkdfSync } from "node:crypto";

/** Plain bytes of a block; fixed, for the file does not say it. */
export const BLOCK_SIZE = 16 * 1024 * 1024;
const NONCE = 12;
const TAG = 16;
/** What a sealed block has more than the plain one. */
export const OVERHEAD = NONCE + TAG;
/** After the last block: how many zeros it was filled up with, big-endian. */
export const TRAILER = 8;
/** So much is encrypted at once, into memory that is there already. */
const STEP = 1024 * 1024;

/**
 * Seals the blocks of one file. A nonce is derived, by a key of its own, from file, position and content of the block: the
 * same block of the same file is sealed to the same bytes, so that an upload that broke off goes on with what is there;
 * and no nonce comes again for other content, whatever becomes of the file between two tries.
 */
export class Sealer {
  readonly #nonceKey: Buffer;

  /** @param file digest of the whole file, which tells its blocks from those of others */
  constructor(
    private readonly key: Buffer,
    private readonly file: string,
  ) {
    this.#nonceKey = Buffer.from(hkdfSync("sha256", key, "", "pulumi-cleanroom: nonces of an upload", 32));
  }

  /** Seals `block`, the `index`th, into `target` from `at` on; answers where it ends. */
  seal(block: Buffer, index: number, target: Buffer, at: number): number {
    const nonce = this.#nonce(block, index);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    let end = at + nonce.copy(target, at);
    for (let done = 0; done < block.length; done += STEP) {
      end += cipher.update(block.subarray(done, done + STEP)).copy(target, end);
    }
    cipher.final();
    return end + cipher.getAuthTag().copy(target, end);
  }

  #nonce(block: Buffer, index: number): Buffer {
    const content = createHash("sha256").update(block).digest();
    const place = JSON.stringify([this.file, index, block.length]);
    return createHmac("sha256", this.#nonceKey).update(place).update(content).digest().subarray(0, NONCE);
  }
}

/** Writes the trailer into `target` from `at` on; answers where it ends. */
export function writeTrailer(padding: number, target: Buffer, at: number): number {
  return target.writeBigUInt64BE(BigInt(padding), at);
}
