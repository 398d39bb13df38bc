// Client-side encryption as the clean room's mount reads it (azure-cleanroom 8.0.0, blobfuse-launcher/encryptor):
// blocks of 16 MiB by AES-256-GCM, the last one padded with zeros, then the padding's length. Constant memory.
import { createCipheriv, randomBytes } from "node:crypto";

/** Plain bytes of a block; fixed, for the file does not say it. */
export const BLOCK_SIZE = 16 * 1024 * 1024;
const NONCE = 12;
const TAG = 16;
const TRAILER = 8;

/** Bytes of the encrypted form of a file of `size` bytes. */
export function encryptedSize(size: number, blockSize = BLOCK_SIZE): number {
  return Math.ceil(size / blockSize) * (blockSize + NONCE + TAG) + TRAILER;
}

/** Encrypts a stream of chunks of any size; yields nonce, ciphertext and tag of each block, then the trailer. */
export async function* encrypt(
  plain: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  blockSize = BLOCK_SIZE,
): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(blockSize);
  let filled = 0;
  let padding = 0;
  for await (const chunk of plain) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + blockSize - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === blockSize) {
        yield sealed(block, key);
        filled = 0;
      }
    }
  }
  if (filled > 0) {
    padding = blockSize - filled;
    yield sealed(block.fill(0, filled), key);
  }
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeBigUInt64BE(BigInt(padding));
  yield trailer;
}

function sealed(block: Buffer, key: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = cipher.update(block);
  cipher.final();
  return Buffer.concat([nonce, text, cipher.getAuthTag()]);
}
