// Brings one file to its store: nothing that is there already is sent again, nothing becomes the object before all of it is
// there and the file is still the one that was meant, and the memory it takes does not depend on the file's size.
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { CleanRoomError } from "../errors";
import { say } from "../log";
import { BlobTarget } from "./blob";
import { BucketTarget } from "./bucket";
import type { Job } from "./job";
import { layoutOf, type Layout } from "./layout";
import { carries, marksOf, type Marks } from "./marks";
import { type Part, Parts } from "./parts";
import { Interrupted, type Patience } from "./patience";
import { Sealer } from "./seal";
import type { Target } from "./target";

/** Parts under way at a time. */
const LANES = 3;
const PROGRESS = 2_000;

export interface Report {
  readonly name: string;
  /** Of the object; more than the file's where it was encrypted here. */
  readonly bytes: number;
  readonly encryptionMode: Job["encryptionMode"];
  /** Which file it is, as the object's metadata says. */
  readonly content: string;
  /** Fingerprint of the key that encrypts it. */
  readonly key?: string;
}

/** @param customerKey with which the store is to encrypt (CPK) */
export function openTarget(
  { objectName, destination }: Pick<Job, "objectName" | "destination">,
  patience: Patience,
  customerKey?: Buffer,
): Promise<Target> {
  return destination.kind === "blob"
    ? BlobTarget.open(destination, objectName, patience, customerKey)
    : BucketTarget.open(destination, objectName, patience);
}

/** @throws Interrupted, with how much is up; CleanRoomError */
export async function transfer(job: Job, path: string, key: Buffer | undefined, patience: Patience): Promise<Report> {
  const { objectName: name, encryptionMode, sha256 } = job;
  const marks = marksOf(sha256, encryptionMode, key);
  const target = await openTarget(job, patience, encryptionMode === "CPK" ? key : undefined);
  const file = await open(path);
  try {
    const sealer = encryptionMode === "CSE" && key !== undefined ? new Sealer(key, sha256) : undefined;
    const layout = layoutOf((await file.stat()).size, sealer !== undefined, target.mostParts);
    const print = key && { key: marks.cleanroomkey };
    const report = { name, bytes: layout.bytes, encryptionMode, content: marks.cleanroomcontent, ...print };
    const there = await target.find();
    const isSeen = there !== undefined && there !== "unseen";
    if (isSeen && there.bytes === layout.bytes && carries(there.metadata, marks)) {
      say(`${basename(path)}: it is in its place already, with this content.`);
      return report;
    }
    const check = (now: string): void => {
      if (now === sha256) return;
      throw new CleanRoomError(
        `'${job.file}' changed while it was uploaded, and the upload was left undone. Run \`pulumi up\` again.`,
      );
    };
    const upload = new Transfer(target, layout, marks, basename(path));
    await upload.run(new Parts(file, layout, sealer), check);
    return report;
  } finally {
    await file.close();
    target.close();
  }
}

class Transfer {
  readonly #free: Buffer[] = [];
  #waiting: ((lane: Buffer) => void) | undefined;
  #done = 0;
  #found = 0;
  #told = Date.now();
  #failure: Error | undefined;

  constructor(
    private readonly target: Target,
    private readonly layout: Layout,
    private readonly marks: Marks,
    private readonly name: string,
  ) {}

  async run(parts: Parts, check: (sha256: string) => void): Promise<void> {
    const { target, marks, layout } = this;
    if (layout.parts === 1) {
      const part = await parts.next(Buffer.alloc(layout.partBytes));
      check(parts.sha256);
      if (part !== undefined) await target.putWhole(part, marks);
      return;
    }
    await target.begin(marks);
    try {
      await this.#putAll(parts);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw new Interrupted(`${this.#progress()}; the next run goes on from there.`);
    }
    check(parts.sha256);
    await target.commit(layout.parts, marks);
  }

  async #putAll(parts: Parts): Promise<void> {
    const lanes = Math.min(LANES, this.layout.parts);
    for (let at = 0; at < lanes; at++) this.#free.push(Buffer.allocUnsafeSlow(this.layout.partBytes));
    const running = new Set<Promise<void>>();
    for (;;) {
      const lane = await this.#lane();
      if (this.#failure !== undefined) break;
      const part = await parts.next(lane);
      if (part === undefined) break;
      if (this.target.has(part)) {
        this.#found++;
        this.#finish(lane);
        continue;
      }
      const put: Promise<void> = this.#put(part, lane).finally(() => running.delete(put));
      running.add(put);
    }
    await Promise.all(running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #put(part: Part, lane: Buffer): Promise<void> {
    try {
      await this.target.put(part);
      this.#finish(lane);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new CleanRoomError(String(error));
      this.#release(lane);
    }
  }

  #finish(lane: Buffer): void {
    this.#done++;
    if (Date.now() - this.#told >= PROGRESS) {
      this.#told = Date.now();
      say(this.#progress());
    }
    this.#release(lane);
  }

  #progress(): string {
    const { parts, bytes } = this.layout;
    const found = this.#found === 0 ? "" : `, ${this.#found} of them from before`;
    return `${this.name}: ${Math.floor((this.#done / parts) * 100)} % of ${bytes} bytes, ${this.#done} of ${parts} parts are up${found}`;
  }

  #release(lane: Buffer): void {
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next === undefined) this.#free.push(lane);
    else next(lane);
  }

  #lane(): Promise<Buffer> {
    const free = this.#free.pop();
    return free === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(free);
  }
}
