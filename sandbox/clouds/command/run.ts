// Runs one command to its end: what it wrote, or an error that shows it. A cancelled run ends with all that it started.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

interface Run {
  readonly command: string;
  /** @default `/bin/sh -c` */
  readonly interpreter?: readonly string[];
  /** @default the project's root */
  readonly dir?: string;
  readonly stdin?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told each line as it comes. */
  readonly show: (stream: "stdout" | "stderr", line: string) => void;
}

interface Output {
  readonly [key: string]: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The engine does not say where it runs; every program of this project runs below its root. */
const ROOT = join(__dirname, "..", "..", "..");

/** @throws when the command cannot be started, fails, or is cancelled; the message has what it wrote */
export async function run({
  command,
  interpreter,
  dir = ROOT,
  stdin,
  environment,
  signal,
  show,
}: Run): Promise<Output> {
  const [program = "/bin/sh", ...args] = interpreter && interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"];
  signal.throwIfAborted();
  // A group of its own, so that all of it can be ended.
  const child = spawn(program, [...args, command], {
    cwd: dir,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const end = (): void => endGroup(child);
  signal.addEventListener("abort", end);
  try {
    // A command need not read what it is given.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
    const all: string[] = [];
    const [stdout, stderr, failure] = await Promise.all([
      collect(child.stdout, all, (line) => show("stdout", line)),
      collect(child.stderr, all, (line) => show("stderr", line)),
      ending(child),
    ]);
    if (signal.aborted) throw new Error(`cancelled: running ${JSON.stringify(command)}:\n${all.join("")}`);
    if (failure !== undefined) throw new Error(`${failure}: running ${JSON.stringify(command)}:\n${all.join("")}`);
    return { stdout: withoutNewline(stdout), stderr: withoutNewline(stderr) };
  } finally {
    signal.removeEventListener("abort", end);
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function ending(child: Child): Promise<string | undefined> {
  return new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) => {
      if (code === 0) done(undefined);
      else done(code === null ? `signal: ${String(signal)}` : `exit status ${code}`);
    });
  });
}

async function collect(stream: Readable, all: string[], show: (line: string) => void): Promise<string> {
  const parts: string[] = [];
  stream.setEncoding("utf8");
  const lines = createInterface({ input: stream });
  lines.on("line", show);
  stream.on("data", (part: string) => {
    parts.push(part);
    all.push(part);
  });
  await new Promise<void>((done) => stream.once("close", done));
  return parts.join("");
}

function endGroup({ pid }: Child): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const withoutNewline = (text: string): string => (text.endsWith("\n") ? text.slice(0, -1) : text);
