// Client-side encryption, undone by another program written from the format's description.
import { createDecipheriv, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { BLOCK_SIZE, encrypt, encryptedSize } from "./encrypt";

const BLOCK = 64;
const key = Buffer.alloc(32, 7);

/** Blocks of nonce (12), ciphertext, tag (16); then 8 bytes, big-endian: how many zeros the last block was filled with. */
function decrypted(file: Buffer, blockSize: number): Buffer {
  const onDisk = 12 + blockSize + 16;
  const blocks = (file.length - 8) / onDisk;
  const padding = Number(file.readBigUInt64BE(file.length - 8));
  const plain: Buffer[] = [];
  for (let at = 0; at < blocks; at++) {
    const block = file.subarray(at * onDisk, (at + 1) * onDisk);
    const decipher = createDecipheriv("aes-256-gcm", key, block.subarray(0, 12));
    decipher.setAuthTag(block.subarray(12 + blockSize));
    plain.push(decipher.update(block.subarray(12, 12 + blockSize)), decipher.final());
  }
  const whole = Buffer.concat(plain);
  const filled = whole.subarray(whole.length - padding);
  expect(filled.every((byte) => byte === 0)).toBe(true);
  return whole.subarray(0, whole.length - padding);
}

async function encrypted(chunks: Iterable<Uint8Array>, blockSize = BLOCK): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of encrypt(Readable.from(chunks), key, blockSize)) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5])(
  "makes of %i bytes what decrypts to the same, in the size that was foretold",
  async (size) => {
    const plain = randomBytes(size);
    const file = await encrypted([plain]);
    expect(file.length).toBe(encryptedSize(size, BLOCK));
    expect(decrypted(file, BLOCK)).toEqual(plain);
  },
);

test("makes the same of a file however it arrives in chunks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), async (chunks) => {
      expect(decrypted(await encrypted(chunks), BLOCK)).toEqual(Buffer.concat(chunks));
    }),
    { numRuns: 1_000 },
  );
});

test("writes for an empty file the padding's length alone", async () => {
  expect(await encrypted([])).toEqual(Buffer.alloc(8));
});

test("has blocks of 16 MiB, so that a file of ten bytes becomes one of them", () => {
  expect(BLOCK_SIZE).toBe(16 * 1024 * 1024);
  expect(encryptedSize(10)).toBe(16 * 1024 * 1024 + 28 + 8);
});

test("takes a new nonce for each block", async () => {
  const file = await encrypted([Buffer.alloc(8 * BLOCK)]);
  const nonces = Array.from({ length: 8 }, (_, i) =>
    file.subarray(i * (BLOCK + 28), i * (BLOCK + 28) + 12).toString("hex"),
  );
  expect(new Set(nonces).size).toBe(8);
});

test("fails to decrypt once a byte was changed", async () => {
  const file = await encrypted([randomBytes(10)]);
  file[20] = (file[20] ?? 0) ^ 1;
  expect(() => decrypted(file, BLOCK)).toThrow();
});

test("takes no more of a large file than the block it is at", async () => {
  const chunk = Buffer.alloc(24, 1);
  let taken = 0;
  let given = 0;
  async function* file(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 1_000; i++) {
      taken += chunk.length;
      yield chunk;
      await Promise.resolve();
    }
  }
  for await (const part of encrypt(file(), key, BLOCK)) {
    given += part.length > 8 ? BLOCK : 0;
    expect(taken - given).toBeLessThan(BLOCK);
  }
  expect(given).toBeGreaterThanOrEqual(taken);
});
