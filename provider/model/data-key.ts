// A data encryption key (DEK) as it is made, told apart, and read back.
import { createHmac } from "node:crypto";
import { InvalidInputError } from "../errors";

/** Bytes of a DEK. */
export const DEK_LENGTH = 32;

/** Tells which DEK it is. Keyed with its own 256 bits, so that nothing of it can be guessed from the fingerprint. */
export function fingerprintOf(dek: Buffer): string {
  return createHmac("sha256", dek).update("data encryption key").digest("hex").slice(0, 16);
}

/** The DEK that a vault's secret of this name holds. */
export function decodeDek(value: string, name: string): Buffer {
  const bytes = Buffer.from(value, "base64");
  if (bytes.length !== DEK_LENGTH) {
    throw new InvalidInputError(
      `Secret '${name}' exists and is no key of ${DEK_LENGTH} bytes: give this key another secret name.`,
    );
  }
  return bytes;
}
