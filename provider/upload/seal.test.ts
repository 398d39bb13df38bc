// Client-side encryption, undone by another program written from the format's description; and the parts it comes in.
import { createDecipheriv, createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { layoutOf } from "./layout";
import { Parts, type Source } from "./parts";
import { BLOCK_SIZE, Sealer } from "./seal";

const BLOCK = 64;
const key = Buffer.alloc(32, 7);
const digest = (plain: Buffer): string => createHash("sha256").update(plain).digest("hex");

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

/** A file in memory, which reads a few bytes at a time. */
const fileOf = (plain: Buffer, most = 17): Source => ({
  read: (into, offset, length, position) =>
    Promise.resolve({ bytesRead: plain.subarray(position, position + Math.min(length, most)).copy(into, offset) }),
});

interface Cut {
  readonly bodies: readonly Buffer[];
  readonly sha256: string;
}

async function cut(plain: Buffer, { mostParts = 1_000, name = digest(plain), isSealed = true } = {}): Promise<Cut> {
  const layout = layoutOf(plain.length, isSealed, mostParts, BLOCK);
  const parts = new Parts(fileOf(plain), layout, isSealed ? new Sealer(key, name) : undefined);
  // The same memory for each part, as the upload gives it.
  const target = Buffer.alloc(layout.partBytes, 0xff);
  const bodies: Buffer[] = [];
  for (let part = await parts.next(target); part !== undefined; part = await parts.next(target)) {
    expect(part.number).toBe(bodies.length + 1);
    expect(part.sha256.toString("hex")).toBe(digest(part.body));
    bodies.push(Buffer.from(part.body));
  }
  expect(bodies.length).toBe(layout.parts);
  expect(Buffer.concat(bodies).length).toBe(layout.bytes);
  return { bodies, sha256: parts.sha256 };
}

const sealed = async (plain: Buffer, name?: string): Promise<Buffer> =>
  Buffer.concat((await cut(plain, { name })).bodies);
const nonces = (file: Buffer): string[] =>
  Array.from({ length: Math.floor(file.length / (BLOCK + 28)) }, (_, at) =>
    file.subarray(at * (BLOCK + 28), at * (BLOCK + 28) + 12).toString("hex"),
  );

test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5])(
  "makes of %i bytes what decrypts to the same, in the size that was foretold",
  async (size) => {
    const plain = randomBytes(size);
    expect(decrypted(await sealed(plain), BLOCK)).toEqual(plain);
  },
);

test("makes the same of a file in however many parts it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 20 * BLOCK }),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      async (bytes, mostParts, isSealed) => {
        const plain = Buffer.from(bytes);
        const { bodies, sha256 } = await cut(plain, { mostParts, isSealed });
        expect(bodies.length).toBeLessThanOrEqual(mostParts);
        expect(sha256).toBe(digest(plain));
        const whole = Buffer.concat(bodies);
        expect(isSealed ? decrypted(whole, BLOCK) : whole).toEqual(plain);
      },
    ),
    { numRuns: 500 },
  );
});

test("writes for an empty file the padding's length alone", async () => {
  expect(await sealed(Buffer.alloc(0))).toEqual(Buffer.alloc(8));
});

test("has blocks of 16 MiB, so that a file of ten bytes becomes one of them", () => {
  expect(BLOCK_SIZE).toBe(16 * 1024 * 1024);
  expect(layoutOf(10, true, 10).bytes).toBe(16 * 1024 * 1024 + 28 + 8);
});

test("takes another nonce for each block, though all are of zeros", async () => {
  expect(new Set(nonces(await sealed(Buffer.alloc(8 * BLOCK)))).size).toBe(8);
});

test("makes the same bytes of the same file again, so that an upload can go on with what is there", async () => {
  const plain = randomBytes(5 * BLOCK + 3);
  expect(await sealed(plain)).toEqual(await sealed(plain));
});

test("never takes a nonce again for other content, not even where a file changes between two tries", async () => {
  const before = randomBytes(4 * BLOCK);
  const after = Buffer.from(before);
  after[BLOCK + 1] = (after[BLOCK + 1] ?? 0) ^ 1;
  const [ofBefore, ofAfter] = [nonces(await sealed(before, "name")), nonces(await sealed(after, "name"))];
  expect(ofAfter.map((nonce, at) => nonce === ofBefore[at])).toEqual([true, false, true, true]);
  expect(new Set([...ofBefore, ...ofAfter]).size).toBe(5);
});

test("takes other nonces for the same block of another file", async () => {
  const plain = Buffer.alloc(2 * BLOCK);
  expect(new Set([...nonces(await sealed(plain, "one")), ...nonces(await sealed(plain, "another"))]).size).toBe(4);
});

test("fails to decrypt once a byte was changed", async () => {
  const file = await sealed(randomBytes(10));
  file[20] = (file[20] ?? 0) ^ 1;
  expect(() => decrypted(file, BLOCK)).toThrow();
});

test("a file that became shorter has another digest than before", async () => {
  const plain = randomBytes(3 * BLOCK);
  const layout = layoutOf(plain.length, false, 10, BLOCK);
  const parts = new Parts(fileOf(plain.subarray(0, 100)), layout, undefined);
  while ((await parts.next(Buffer.alloc(layout.partBytes))) !== undefined);
  expect(parts.sha256).not.toBe(digest(plain));
});

test("fails for a file of more parts than can be held in memory", () => {
  const most = 9_999;
  expect(layoutOf(most * 512 * 1024 * 1024, true, most).parts).toBe(most);
  expect(() => layoutOf(most * 512 * 1024 * 1024 + 1, true, most)).toThrow("cut it into several files");
});
