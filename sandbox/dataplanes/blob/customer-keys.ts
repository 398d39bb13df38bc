// Customer provided keys (CPK): a blob that was written with a key is read with that key and no other. The emulator does
// not know them, so the sandbox keeps each key's digest and takes the headers off. The key itself is never kept.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Journal } from "../../journal";
import { BlobError } from "./errors";
import type { Operation } from "./operation";

const KEY = "x-ms-encryption-key";
const DIGEST = "x-ms-encryption-key-sha256";
const ALGORITHM = "x-ms-encryption-algorithm";

/** `digest` is left out for a blob that was written without a key, or deleted. */
type Entry =
  | { readonly account: string; readonly container: string; readonly blob: string; readonly digest?: string }
  | { readonly account: string; readonly container: string };

export class CustomerKeys {
  private constructor(
    private readonly journal: Journal<Entry>,
    private readonly digests: Map<string, string>,
  ) {}

  /** By blob, what its blocks were staged with; those of a process that has ended are taken by their blob's key. */
  private readonly staged = new Map<string, string | undefined>();

  static async open(file: string): Promise<CustomerKeys> {
    const digests = new Map<string, string>();
    return new CustomerKeys(await Journal.open<Entry>(file, (entry) => apply(digests, entry)), digests);
  }

  /** @throws BlobError when the key is malformed, or not the one that the blob, or its first staged block, was written with */
  check(operation: Operation, { headers, url }: IncomingMessage): void {
    const given = readKey(headers);
    const id = idOf(operation);
    if (id === undefined) return;
    const part = partOf(url);
    if (!operation.writes) {
      // Which blocks there are is told without opening any.
      if (part !== "blocklist") compare(this.digests.get(id), given);
    } else if (part === "block" || part === "blocklist") {
      if (this.staged.has(id)) compare(this.staged.get(id), given);
      else if (part === "block" && this.digests.has(id)) compare(this.digests.get(id), given);
    }
  }

  /** Lets `serve` answer without the headers that the emulator does not know, and remembers the key of what it wrote. */
  async around(
    operation: Operation,
    request: IncomingMessage,
    response: ServerResponse,
    serve: () => Promise<void>,
  ): Promise<void> {
    const digest = readKey(request.headers);
    for (const name of [KEY, DIGEST, ALGORITHM]) delete request.headers[name];
    if (digest !== undefined) response.setHeader(DIGEST, digest);
    const id = idOf(operation);
    if (id === undefined || !operation.writes) return serve();
    // A block that is staged changes nothing of the blob that is there: its key counts from when it is committed.
    if (partOf(request.url) === "block") {
      await serve();
      if (response.statusCode < 400) this.staged.set(id, digest);
      return;
    }
    const before = this.digests.get(id);
    if (before !== digest) await this.remember(operation, digest);
    await serve();
    if (response.statusCode < 400) this.staged.delete(id);
    else if (before !== digest) await this.remember(operation, before);
  }

  /** A container that is made anew begins without keys. */
  async forget(account: string, container: string): Promise<void> {
    await this.journal.append({ account, container });
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private remember({ account, container = "", blob = "" }: Operation, digest: string | undefined): Promise<void> {
    return this.journal.append({ account, container, blob, digest });
  }
}

function compare(kept: string | undefined, given: string | undefined): void {
  if (kept !== undefined && given === undefined) {
    throw new BlobError(
      409,
      "BlobUsesCustomerSpecifiedEncryption",
      "The blob is encrypted with customer specified encryption, but it was not provided in the request.",
    );
  }
  if (kept === undefined && given !== undefined) {
    throw new BlobError(
      409,
      "BlobDoesNotUseCustomerSpecifiedEncryption",
      "The blob is not encrypted with customer specified encryption, but one was provided in the request.",
    );
  }
  if (kept !== given) {
    throw new BlobError(
      409,
      "BlobCustomerSpecifiedEncryptionMismatch",
      "The given customer specified encryption does not match the encryption used to encrypt the blob.",
    );
  }
}

/** `block`, `blocklist`, `metadata` …: what of a blob a request is about. */
const partOf = (url = ""): string | undefined => /[?&]comp=([a-z]+)/.exec(url)?.[1];

function readKey(headers: IncomingMessage["headers"]): string | undefined {
  const [key, digest, algorithm] = [headers[KEY], headers[DIGEST], headers[ALGORITHM]];
  if (key === undefined && digest === undefined && algorithm === undefined) return undefined;
  const bytes = Buffer.from(typeof key === "string" ? key : "", "base64");
  if (bytes.length !== 32 || algorithm !== "AES256") {
    throw new BlobError(400, "InvalidHeaderValue", `${KEY} must be 32 bytes in base64, with ${ALGORITHM}: AES256.`);
  }
  const actual = createHash("sha256").update(bytes).digest("base64");
  if (actual !== digest) throw new BlobError(400, "InvalidHeaderValue", `${DIGEST} is not the SHA-256 of the key.`);
  return actual;
}

function idOf({ account, container, blob }: Operation): string | undefined {
  return container === undefined || blob === undefined ? undefined : `${account}/${container}/${blob}`;
}

function apply(digests: Map<string, string>, entry: Entry): void {
  const prefix = `${entry.account}/${entry.container}/`;
  if (!("blob" in entry)) {
    for (const id of digests.keys()) if (id.startsWith(prefix)) digests.delete(id);
  } else if (entry.digest === undefined) digests.delete(`${prefix}${entry.blob}`);
  else digests.set(`${prefix}${entry.blob}`, entry.digest);
}
