// `start`: runs a sandbox in the foreground or in the background, stops it, says whether it runs.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdminClient } from "../admin";
import { table } from "../../cli/shared/table";

export interface StartOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly withoutPolicy: boolean;
  /** How late roles, keys, credentials and deleted names take effect. */
  readonly eventualSeconds: number;
}

const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 15_000;

/** Runs until SIGTERM or SIGINT. */
export async function runInForeground({ dir, json, withoutPolicy, eventualSeconds }: StartOptions): Promise<number> {
  const log = (message: string): void => void process.stderr.write(`${new Date().toISOString()} ${message}\n`);
  const stopped = new Promise<NodeJS.Signals>((done) => {
    process.once("SIGTERM", done);
    process.once("SIGINT", done);
  });
  // Loaded only here: the other commands ask a running sandbox, and need nothing of it.
  const { AlreadyRunning, Faults, startSandbox } = await import("..");
  const faults = new Faults({ onDie: () => process.kill(process.pid, "SIGKILL") });
  try {
    const sandbox = await startSandbox({ dir, withoutPolicy, eventualSeconds, faults, log });
    show(dir, { pid: process.pid, addresses: sandbox.addresses }, json);
    await stopped;
    await sandbox.close();
    return 0;
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    return alreadyRunning(dir, error.running, json);
  }
}

/** Returns when the sandbox in the background is ready. */
export async function runInBackground(options: StartOptions): Promise<number> {
  const { dir, json } = options;
  const running = await AdminClient.find(dir);
  if (running !== undefined) return alreadyRunning(dir, running, json);
  const root = resolve(dir);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const logFile = join(root, "sandbox.log");
  const output = openSync(logFile, "w", 0o600);
  const policy = options.withoutPolicy ? ["--no-policy"] : [];
  const flags = [...policy, "--eventual", String(options.eventualSeconds)];
  // From the project's folder, where the compiler finds its settings.
  const child = spawn(
    process.execPath,
    [...process.execArgv, join(__dirname, "..", "main.ts"), "start", "--dir", root, ...flags],
    {
      cwd: join(__dirname, "..", ".."),
      detached: true,
      stdio: ["ignore", output, output],
    },
  );
  closeSync(output);
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  for (const until = Date.now() + READY_WITHIN; Date.now() < until;) {
    const failure = await Promise.race([ended, sleep(100)]);
    const found = await AdminClient.find(root);
    if (found?.status().state === "running") {
      child.unref();
      show(dir, found.status(), json);
      return 0;
    }
    if (failure !== undefined)
      throw new Error(`the sandbox did not start: ${failure}\n${await readFile(logFile, "utf8")}`);
  }
  child.kill();
  throw new Error(`the sandbox was not ready within ${READY_WITHIN / 1000} s; its log is ${logFile}`);
}

export async function stop(dir: string): Promise<number> {
  const running = await AdminClient.find(dir);
  if (running === undefined) {
    process.stdout.write(`No sandbox runs in ${dir}.\n`);
    return 0;
  }
  const { pid } = running.status();
  process.kill(pid, "SIGTERM");
  for (const until = Date.now() + STOPPED_WITHIN; Date.now() < until; await sleep(50)) {
    if (!isAlive(pid)) {
      process.stdout.write(`The sandbox (process ${pid}) has stopped; its state stays in ${dir}.\n`);
      return 0;
    }
  }
  throw new Error(
    `the sandbox (process ${pid}) has not stopped within ${STOPPED_WITHIN / 1000} s; \`kill -9 ${pid}\` loses nothing that was acknowledged`,
  );
}

/** @returns 0 when a sandbox runs, 3 (as of service managers) when none does */
export async function status(dir: string, json: boolean): Promise<number> {
  const running = await AdminClient.find(dir);
  if (running !== undefined) {
    show(dir, running.status(), json);
    return 0;
  }
  process.stdout.write(json ? `${JSON.stringify({ running: false, dir })}\n` : `No sandbox runs in ${dir}.\n`);
  return 3;
}

function alreadyRunning(dir: string, running: AdminClient, json: boolean): number {
  if (!json) process.stdout.write("A sandbox is already running.\n");
  show(dir, running.status(), json);
  return 0;
}

interface Shown {
  readonly pid: number;
  readonly addresses: Readonly<Record<string, string>>;
}

function show(dir: string, { pid, addresses }: Shown, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ running: true, pid, dir, addresses })}\n`);
    return;
  }
  const rows = table(Object.entries(addresses));
  process.stdout.write(`The sandbox runs in ${dir} (process ${pid}).\n\n${rows}\n\n`);
  const flag = dir === ".sandbox" ? "" : ` --dir ${dir}`;
  process.stdout.write(`A collaborator's shell:  eval "$(npm run -s sandbox:env -- contosso${flag})"\n`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
