// The encrypted file format, block by block.
import { createCipheriv, randomBytes } from "node:crypto";
import fc from "fast-check";
import { decryptBlocks } from "./decrypt";
import { encryptBlocks } from "./encrypt";

const key = Buffer.alloc(32, 9);
const BLOCK = 64;

async function decrypt(file: Buffer, chunkSize = file.length || 1, withKey = key): Promise<Buffer> {
  const chunks = (function* () {
    for (let start = 0; start < file.length; start += chunkSize) yield file.subarray(start, start + chunkSize);
  })();
  const parts: Buffer[] = [];
  for await (const part of decryptBlocks(toAsync(chunks), withKey, BLOCK)) parts.push(part);
  return Buffer.concat(parts);
}
async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

test("what was encrypted comes back, in whatever chunks it arrives", async () => {
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 4 * BLOCK }),
    fc.integer({ min: 1, max: 3 * BLOCK }),
    async (bytes, chunkSize) => {
      const plain = Buffer.from(bytes);
      expect(await decrypt(encryptBlocks(plain, key, BLOCK), chunkSize)).toEqual(plain);
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

test("a file is laid out as nonce, cipher text, tag, and the padding's length at its end", async () => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(Buffer.concat([Buffer.from("abc"), Buffer.alloc(61)])), cipher.final()]);
  const file = Buffer.concat([nonce, text, cipher.getAuthTag(), Buffer.from([0, 0, 0, 0, 0, 0, 0, 61])]);
  expect((await decrypt(file)).toString()).toBe("abc");
});

test("fails with another key, naming the block", async () => {
  const file = encryptBlocks(Buffer.from("abc"), key, BLOCK);
  await expect(decrypt(file, 10, Buffer.alloc(32, 1))).rejects.toThrow("block 0 is not authentic");
});

test("fails when one bit of the second block was changed", async () => {
  const file = encryptBlocks(Buffer.alloc(100, 1), key, BLOCK);
  file[BLOCK + 28 + 20] ^= 1;
  await expect(decrypt(file)).rejects.toThrow("block 1 is not authentic");
});

test("fails when the file was cut", async () => {
  const file = encryptBlocks(Buffer.alloc(100, 1), key, BLOCK);
  await expect(decrypt(file.subarray(0, file.length - 1))).rejects.toThrow("7 bytes follow");
});

test("fails for a file that is not encrypted", async () => {
  await expect(decrypt(Buffer.from("id,name\n1,x\n"))).rejects.toThrow("not client-side encrypted");
});
