// The uploading program as the engine's command runs it, a process of its own, against the sandbox's stores; with a gate
// that sees each request of it, and can break it off.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tls from "node:tls";
import type { EncryptionMode } from "../../contract";
import type { Call, Outcome } from "../../sandbox/http";
import { Bench, bucket } from "../../sandbox/reader/testing";
import type { Job } from "../../provider/upload/job";
import { Patience } from "../../provider/upload/patience";
import { type Report, transfer } from "../../provider/upload/transfer";

const ROOT = join(__dirname, "..", "..");
const PROGRAM = "require('pulumi-cleanroom/upload').main()";

/** What becomes of a request; undefined: what becomes of every other. */
export type Meddle = (call: Call, next: () => Promise<Outcome>) => Promise<Outcome> | undefined;

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly said: string;
  readonly answered: string;
}

export class Uploading {
  /** Stands before each request of the stores, until the next test. */
  meddle: Meddle | undefined;
  /** `PUT <path and query>` of each request that arrived, in order. */
  requests: string[] = [];
  readonly folder: string;

  private constructor(readonly bench: Bench) {
    // Below the project, where the package finds itself by its name.
    mkdirSync(join(ROOT, ".cache"), { recursive: true });
    this.folder = mkdtempSync(join(ROOT, ".cache", "upload-"));
  }

  static async start(): Promise<Uploading> {
    const told: { uploading?: Uploading } = {};
    const bench = await Bench.start((call, next) => {
      const { uploading } = told;
      uploading?.requests.push(`${call.method} ${call.target}`);
      return uploading?.meddle?.(call, next) ?? next();
    });
    bench.reset();
    // The stores' clients of this process sign in as those of a program of its own do.
    const { services } = bench;
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), services.tls.ca]);
    Object.assign(process.env, signInOf(bench));
    const uploading = new Uploading(bench);
    told.uploading = uploading;
    return uploading;
  }

  async end(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.bench.end();
  }

  /** Numbers of the parts, and `-1` for a whole object, that were put since the last time. */
  takeParts(): readonly number[] {
    return this.requests.splice(0).flatMap((request) => partOf(request) ?? []);
  }

  file(name: string, content: Buffer | string): Pick<Job, "file" | "sha256"> {
    writeFileSync(join(this.folder, name), content);
    return { file: name, sha256: createHash("sha256").update(content).digest("hex") };
  }

  job(kind: "blob" | "s3", mode: EncryptionMode, name: string, file: Pick<Job, "file" | "sha256">): Job {
    const folder = `${kind}-${mode}`;
    const { accountUrl, dataPlanes } = this.bench;
    const url = dataPlanes.addresses.S3 ?? "";
    const destination =
      kind === "blob"
        ? { kind, url: accountUrl, container: "sales", subdirectory: folder }
        : { kind, url, bucket: bucket.name, region: bucket.region, prefix: folder };
    return { objectName: name, ...file, destination, encryptionMode: mode };
  }

  /** In this process, for what needs none of its own. */
  transfer(job: Job, key?: Buffer, seconds = 60): Promise<Report> {
    const patience = new Patience(new AbortController().signal, seconds);
    return transfer(job, join(this.folder, job.file), key, patience);
  }

  /** A process of its own; the key, when there is one, comes by standard input. */
  run(
    job: Job,
    key?: Buffer,
    env: Readonly<Record<string, string>> = {},
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const { PATH, HOME } = process.env;
    const { home } = this.bench.services;
    const child = spawn(process.execPath, ["-e", PROGRAM], {
      cwd: this.folder,
      env: {
        PATH,
        HOME,
        ...signInOf(this.bench),
        NODE_EXTRA_CA_CERTS: home.path("ca.pem"),
        CLEANROOM_UPLOAD: JSON.stringify(job),
        ...env,
      },
    });
    let [said, answered] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    child.stdout.on("data", (chunk: Buffer) => (answered += chunk.toString("utf8")));
    child.stdin.end(key?.toString("base64") ?? "");
    const ended = new Promise<Ended>((resolve) =>
      child.once("close", (code, signal) => resolve({ code, signal, said, answered })),
    );
    return { child, ended };
  }
}

function signInOf({ dataPlanes, services: { signIn, home } }: Bench): Readonly<Record<string, string>> {
  return {
    ...dataPlanes.env("contosso"),
    IDENTITY_ENDPOINT: signIn.identityEndpoint,
    IDENTITY_HEADER: home.identityHeaders.contosso ?? "",
    AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
  };
}

/** Number of the part that a request puts, `-1` for a whole object; undefined for everything else. */
export function partOf(request: string): number | undefined {
  if (!request.startsWith("PUT ")) return undefined;
  const query = new URLSearchParams(request.split("?")[1] ?? "");
  const [block, number] = [query.get("blockid"), query.get("partNumber")];
  if (block !== null) return Buffer.from(block, "base64").readUInt32BE(0);
  if (number !== null) return number === "10000" ? undefined : Number(number);
  return query.get("comp") === null ? -1 : undefined;
}

/** SHA-256 of a file of any size. */
export function hashOf(path: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(1 << 20);
  const file = openSync(path, "r");
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
    hash.update(buffer.subarray(0, read));
  closeSync(file);
  return hash.digest("hex");
}

/** Most memory that a process has had, in MiB. */
export function peakMemory({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1_024);
}
