// An append-only file of JSON lines that outlives kill -9: an entry is acknowledged once it is on the disk, and what
// was acknowledged is replayed at the next opening.
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

interface Waiting {
  readonly line: string;
  readonly done: () => void;
  readonly failed: (reason: Error) => void;
}

export class Journal<E> {
  private queue: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly apply: (entry: E) => void,
  ) {}

  /**
   * Replays `file`, oldest entry first, through `apply`, which must be synchronous. A last line without its newline is
   * the trace of a process that died while writing: nobody was told of it, and it is cut off.
   * @throws when any other line is damaged, naming file and line.
   */
  static async open<E>(file: string, apply: (entry: E) => void): Promise<Journal<E>> {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const content = await handle.readFile();
      const end = content.lastIndexOf(0x0a) + 1;
      replay(file, content.subarray(0, end), apply);
      if (end < content.length) {
        await handle.truncate(end);
        await handle.datasync();
      }
      await syncFolder(dirname(file));
    } catch (error) {
      await handle.close();
      throw error;
    }
    const appender = await open(file, "a", 0o600);
    await handle.close();
    return new Journal(file, appender, apply);
  }

  /**
   * Applies `entry` at once, by the same function that replays it, and resolves when it is on the disk. Entries that
   * arrive during a write share the next one. An entry that `apply` throws at is not written.
   * @throws when the disk refuses; from then on every append is refused, because memory is ahead of the file.
   */
  append(entry: E): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    return new Promise((done, failed) => {
      const line = `${JSON.stringify(entry)}\n`;
      this.apply(entry);
      this.queue.push({ line, done, failed });
      this.writing ??= this.drain();
    });
  }

  /** Waits for what is being written, then lets go of the file. */
  async close(): Promise<void> {
    await this.writing;
    this.broken ??= new Error(`${this.file}: the journal is closed`);
    await this.handle.close();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      try {
        await this.handle.appendFile(batch.map((each) => each.line).join(""));
        await this.handle.datasync();
        for (const each of batch) each.done();
      } catch (error) {
        this.broken = new Error(`${this.file}: cannot be written: ${String(error)}`, { cause: error });
        for (const each of [...batch, ...this.queue]) each.failed(this.broken);
        this.queue = [];
      }
    }
    this.writing = undefined;
  }
}

function replay<E>(file: string, content: Buffer, apply: (entry: E) => void): void {
  let line = 1;
  for (let start = 0; start < content.length; line += 1) {
    const end = content.indexOf(0x0a, start);
    const text = content.toString("utf8", start, end);
    let entry: E;
    try {
      entry = JSON.parse(text) as E;
    } catch (error) {
      throw new Error(
        `${file}:${line}: damaged entry ${JSON.stringify(text.slice(0, 80))}; restore the file, or remove its folder to start anew`,
        { cause: error },
      );
    }
    apply(entry);
    start = end + 1;
  }
}

/** A file's name is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
