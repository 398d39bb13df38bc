// Decrypts client-side encrypted (CSE) files as they stream: blocks of AES-256-GCM, `nonce (12) | cipher text | tag (16)`
// each, the last one padded with zeros, and after it the padding's length (8 bytes, big-endian). It is the layout of the
// clean room's blobfuse encryptor. No byte of a block is passed on before its tag is verified.
import { createDecipheriv } from "node:crypto";

/** The block size that the clean room's launcher sets; it is written nowhere in a file. */
export const BLOCK_SIZE = 16 * 1024 * 1024;

const NONCE = 12;
const TAG = 16;
const TRAILER = 8;

/** The file is not in this format, was cut or changed, or the key is not its key. */
class DecryptionError extends Error {}

/**
 * @param key 32 bytes
 * @throws DecryptionError that names the block
 */
export async function* decryptBlocks(
  source: AsyncIterable<Uint8Array>,
  key: Buffer,
  blockSize = BLOCK_SIZE,
): AsyncGenerator<Buffer> {
  if (key.length !== 32) throw new DecryptionError(`the data encryption key has ${key.length} bytes, not 32`);
  const sealed = blockSize + NONCE + TAG;
  const buffer = new Pending();
  let held: Buffer | undefined;
  let index = 0;
  for await (const chunk of source) {
    buffer.push(chunk);
    // A block is the last one when nothing but the trailer follows: it is held back until more is seen.
    while (buffer.size >= sealed) {
      if (held !== undefined) yield held;
      held = openBlock(buffer.take(sealed), key, index);
      index += 1;
    }
  }
  const rest = buffer.take(buffer.size);
  if (rest.length !== TRAILER) {
    throw new DecryptionError(
      `after ${index} blocks of ${blockSize} bytes ${rest.length} bytes follow, not the ${TRAILER} of the padding's length: ` +
        "the file was cut, or is not client-side encrypted with this block size",
    );
  }
  const padding = rest.readBigUInt64BE();
  if (padding > BigInt(held?.length ?? 0)) {
    throw new DecryptionError(
      `the padding's length is ${padding}, more than the last block of ${held?.length ?? 0} bytes`,
    );
  }
  if (held !== undefined) yield held.subarray(0, held.length - Number(padding));
}

function openBlock(block: Buffer, key: Buffer, index: number): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, block.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAuthTag(block.subarray(block.length - TAG));
  try {
    return Buffer.concat([decipher.update(block.subarray(NONCE, block.length - TAG)), decipher.final()]);
  } catch (error) {
    throw new DecryptionError(
      `block ${index} is not authentic: encrypted with another key than the dataset's, or changed since`,
      { cause: error },
    );
  }
}

/** Bytes that have come and not been taken yet, copied once. */
class Pending {
  size = 0;
  private chunks: Uint8Array[] = [];

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  take(count: number): Buffer {
    const all = Buffer.concat(this.chunks);
    const rest = all.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
    return all.subarray(0, count);
  }
}
