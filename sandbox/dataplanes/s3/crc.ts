// The two cyclic redundancy checks that S3's clients send, as they send them: big-endian, in base64.
import { crc32 } from "node:zlib";

export class Crc32 {
  private value = 0;

  update(data: Buffer): void {
    this.value = crc32(data, this.value);
  }

  digest(encoding: "base64"): string {
    return encode(this.value, encoding);
  }
}

/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

export class Crc32c {
  private value = 0xffffffff;

  update(data: Buffer): void {
    for (const byte of data) this.value = (this.value >>> 8) ^ table[(this.value ^ byte) & 0xff];
  }

  digest(encoding: "base64"): string {
    return encode((this.value ^ 0xffffffff) >>> 0, encoding);
  }
}

function encode(value: number, encoding: "base64"): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString(encoding);
}
