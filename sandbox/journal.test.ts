// The journal keeps what it acknowledged, whatever happens to the process that wrote it.
import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "./journal";

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "journal-"));
  file = join(dir, "deep", "entries.jsonl");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function reopened(): Promise<number[]> {
  const seen: number[] = [];
  const journal = await Journal.open<number>(file, (entry) => seen.push(entry));
  await journal.close();
  return seen;
}

test("entries are replayed in the order in which they were appended", async () => {
  const journal = await Journal.open<number>(file, () => undefined);
  await Promise.all([1, 2, 3].map((each) => journal.append(each)));
  await journal.append(4);
  await journal.close();
  expect(await reopened()).toEqual([1, 2, 3, 4]);
});

test("an entry is applied before append returns, so that the next decision already sees it", async () => {
  const seen: number[] = [];
  const journal = await Journal.open<number>(file, (entry) => seen.push(entry));
  const written = journal.append(7);
  expect(seen).toEqual([7]);
  await written;
  await journal.close();
});

test("a torn last line is cut off, and the journal goes on after it", async () => {
  const journal = await Journal.open<number>(file, () => undefined);
  await journal.append(1);
  await journal.close();
  await appendFile(file, '{"half":');
  expect(await reopened()).toEqual([1]);
  expect(await readFile(file, "utf8")).toBe("1\n");
});

test("every entry that was acknowledged is there after kill -9, and nothing but a prefix of the rest", async () => {
  const script = `
    const { Journal } = require(${JSON.stringify(join(__dirname, "journal.ts"))});
    Journal.open(${JSON.stringify(file)}, () => undefined).then((journal) => {
      for (let i = 0; i < 100000; i += 1) {
        const append = () => journal.append(i).then(() => process.stdout.write(i + "\\n"));
        setTimeout(append, i / 20);
      }
    });`;
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: join(__dirname, ".."),
  });
  const acknowledged: number[] = [];
  let text = "";
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    acknowledged.push(...lines.map(Number));
    if (acknowledged.length > 500) child.kill("SIGKILL");
  });
  await ended;
  expect(acknowledged.length).toBeGreaterThan(500);
  const kept = await reopened();
  expect(kept.length).toBeGreaterThanOrEqual(acknowledged.length);
  expect(new Set(kept).size).toBe(kept.length);
  expect(acknowledged.filter((each) => !kept.includes(each))).toEqual([]);
});

test("fails when a line in the middle is damaged, naming file and line", async () => {
  const journal = await Journal.open<number>(file, () => undefined);
  await journal.append(1);
  await journal.close();
  await writeFile(file, "1\nnot json\n3\n");
  await expect(reopened()).rejects.toThrow(`${file}:2: damaged entry "not json"`);
});

test("fails to append what the state refuses, and writes nothing of it", async () => {
  const journal = await Journal.open<number>(file, (entry) => {
    if (entry < 0) throw new RangeError("negative");
  });
  await expect(journal.append(-1)).rejects.toThrow("negative");
  await journal.append(1);
  await journal.close();
  expect(await readFile(file, "utf8")).toBe("1\n");
});

test("fails to append after close", async () => {
  const journal = await Journal.open<number>(file, () => undefined);
  await journal.close();
  await expect(journal.append(1)).rejects.toThrow("the journal is closed");
});
