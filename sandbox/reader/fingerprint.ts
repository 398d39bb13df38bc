// Which data encryption key it is, without anything of its bytes: what is in the metadata of an upload, and what the owner's
// stack shows of its key. HMAC-SHA-256 with the key itself, of a constant text, in its first 16 hexadecimal digits.
import { createHmac } from "node:crypto";

export const fingerprint = (key: Buffer): string =>
  createHmac("sha256", key).update("data encryption key").digest("hex").slice(0, 16);
