// What an upload is told: which file, where to, and how it is encrypted. It holds no secret.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EncryptionMode } from "../../contract";
import { ContentMismatchError, InvalidInputError } from "../errors";
import { DEK_LENGTH } from "../model/data-key";
import { findDek } from "../services/dek";
import { KeyVault } from "../services/key-vault";

export interface BlobDestination {
  readonly kind: "blob";
  /** `https://<account>.blob.core.windows.net/` */
  readonly url: string;
  readonly container: string;
  readonly subdirectory?: string;
}

export interface BucketDestination {
  readonly kind: "s3";
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  readonly prefix?: string;
}

export interface Job {
  /** Name of the blob or object, without its folder. */
  readonly objectName: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly sha256: string;
  readonly destination: BlobDestination | BucketDestination;
  readonly encryptionMode: EncryptionMode;
  readonly key?: { readonly vaultUrl: string; readonly secretName: string; readonly fingerprint: string };
}

export function readJob(text: string | undefined): Job {
  if (text === undefined) {
    throw new InvalidInputError("CLEANROOM_UPLOAD is not set: this program is run by the Upload component.");
  }
  return JSON.parse(text) as Job;
}

/** The key that encrypts; undefined for SSE. @param input standard input, where a key at hand comes from */
export async function readKey(
  { key, encryptionMode }: Job,
  input: AsyncIterable<unknown>,
): Promise<Buffer | undefined> {
  if (encryptionMode === "SSE") {
    return undefined;
  }
  if (key !== undefined) {
    const { vaultUrl, secretName, fingerprint } = key;
    const found = await findDek(new KeyVault(vaultUrl), secretName, fingerprint);
    if (found === undefined) {
      throw new ContentMismatchError(
        `Secret '${secretName}' has no version with the key that is wrapped for the clean room (${fingerprint}): what is encrypted with another could never be read. Nothing was uploaded.`,
      );
    }
    return found.dek;
  }
  const bytes = Buffer.from(await readAll(input), "base64");
  if (bytes.length !== DEK_LENGTH) {
    throw new InvalidInputError(`The key on standard input has ${bytes.length} bytes instead of ${DEK_LENGTH}.`);
  }
  return bytes;
}

/** The file below the nearest folder upwards that has it: a command's working folder is the project's or one below. */
export function locate(file: string): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, file);
    if (existsSync(path)) {
      return path;
    }
    if (folder === dirname(folder)) {
      throw new InvalidInputError(`'${file}' is not found below '${process.cwd()}' or a folder above it.`);
    }
  }
}

async function readAll(input: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}
