// Encrypts in the layout that `decrypt.ts` reads: the clean room's own half, with which the reader proves that it can
// write an output dataset.
import { createCipheriv, randomBytes } from "node:crypto";
import { BLOCK_SIZE } from "./decrypt";

export function encryptBlocks(plain: Buffer, key: Buffer, blockSize = BLOCK_SIZE): Buffer {
  const parts: Buffer[] = [];
  let padding = 0;
  for (let start = 0; start < plain.length; start += blockSize) {
    const text = plain.subarray(start, start + blockSize);
    padding = blockSize - text.length;
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    parts.push(nonce, cipher.update(text), cipher.update(Buffer.alloc(padding)), cipher.final(), cipher.getAuthTag());
  }
  const trailer = Buffer.alloc(8);
  trailer.writeBigUInt64BE(BigInt(padding));
  return Buffer.concat([...parts, trailer]);
}
