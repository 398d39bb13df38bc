// Uploads one file, encrypted as its dataset says, with progress on stderr. The job comes in CLEANROOM_UPLOAD, a key at
// hand on standard input; neither stands in the command line.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import type { EncryptionMode } from "../../contract";
import { CleanRoomError, InvalidInputError, messageOf } from "../errors";
import { say } from "../log";
import { KeyVault } from "../services/key-vault";
import { putBlob, putObject, type Destination } from "./destinations";
import { encrypt, encryptedSize } from "./encrypt";

interface Job {
  /** Name of the blob or object, without its folder. */
  readonly objectName: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly sha256: string;
  readonly destination: Destination;
  readonly encryptionMode: EncryptionMode;
  readonly key?: { readonly vaultUrl: string; readonly secretName: string; readonly fingerprint: string };
}

const PROGRESS = 2_000;

/** The program: prints one line of JSON when the file is up, and ends with 1 and a message when it is not. */
export async function main(): Promise<void> {
  try {
    const job = readJob(process.env.CLEANROOM_UPLOAD);
    const key = await readKey(job);
    const stored = await upload(job, key);
    process.stdout.write(`${JSON.stringify(stored)}\n`);
  } catch (error) {
    process.stderr.write(`upload: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

async function upload(job: Job, key: Buffer | undefined): Promise<object> {
  const path = locate(job.file);
  const { size } = statSync(path);
  const hash = createHash("sha256");
  const plain = createReadStream(path).pipe(watched(basename(path), size, hash));
  const clientSide = job.encryptionMode === "CSE" && key !== undefined;
  const body = clientSide ? Readable.from(encrypt(plain, key), { objectMode: false }) : plain;
  const bytes = clientSide ? encryptedSize(size) : size;
  const name = job.objectName;
  const customerKey = job.encryptionMode === "CPK" ? key : undefined;
  await (job.destination.kind === "blob"
    ? putBlob(job.destination, name, body, customerKey)
    : putObject(job.destination, name, body, bytes));
  const sha256 = hash.digest("hex");
  if (sha256 !== job.sha256) {
    throw new CleanRoomError(`'${job.file}' changed while it was uploaded. Run \`pulumi up\` again.`);
  }
  return { name, bytes, encryptionMode: job.encryptionMode };
}

function readJob(text: string | undefined): Job {
  if (text === undefined) {
    throw new InvalidInputError("CLEANROOM_UPLOAD is not set: this program is run by the Upload component.");
  }
  return JSON.parse(text) as Job;
}

async function readKey({ key, encryptionMode }: Job): Promise<Buffer | undefined> {
  if (encryptionMode === "SSE") {
    return undefined;
  }
  const text = key === undefined ? await readInput() : (await new KeyVault(key.vaultUrl).secret(key.secretName))?.value;
  const bytes = Buffer.from(text ?? "", "base64");
  if (bytes.length !== 32) {
    const place = key === undefined ? "on standard input" : `in secret '${key.secretName}'`;
    throw new InvalidInputError(`The key ${place} has ${bytes.length} bytes instead of 32.`);
  }
  return bytes;
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}

/** The file below the nearest folder upwards that has it: a command's working folder is the project's or one below. */
function locate(file: string): string {
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

function watched(name: string, size: number, hash: ReturnType<typeof createHash>): Transform {
  let done = 0;
  let told = Date.now();
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      done += chunk.length;
      if (Date.now() - told >= PROGRESS) {
        told = Date.now();
        say(`${name}: ${Math.floor((done / size) * 100)} % of ${size} bytes`);
      }
      next(undefined, chunk);
    },
  });
}
