// Starts the programs that set up (npm, go, the download) and the command itself, and never leaves one behind.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { constants } from "node:os";
import { onInterrupt, stopListening } from "./interrupt.mjs";

/**
 * Runs a program in a process group of its own to its end; its output goes to a log file and is kept.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, log?: string, silenceMs?: number, limitMs?: number, onLine?: (line: string) => void, onStart?: (pid: number) => void}} options
 *   `silenceMs` and `limitMs` end it when it says nothing for, or takes, longer than that
 * @returns {Promise<{code: number | null, output: string, missing: boolean, ended?: string}>} `missing`: there is no such program;
 *   `ended`: why it was ended from here
 */
export async function runLogged(command, args, options = {}) {
  const log = options.log ? createWriteStream(options.log, { flags: "a" }) : undefined;
  log?.on("error", () => {}); // A full disk is reported by the program itself.
  log?.write(`$ ${command} ${args.join(" ")}\n`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const result = { code: null, output: "", missing: false, ended: undefined };
  const end = (reason) => {
    result.ended = reason;
    killGroup(child.pid);
  };
  const takeBack = onInterrupt(() => killGroup(child.pid));
  if (child.pid !== undefined) {
    options.onStart?.(child.pid);
  }
  const limit =
    options.limitMs && setTimeout(() => end(`it took longer than ${options.limitMs / 1000} s`), options.limitMs);
  const silence = watchSilence(options.silenceMs, end);
  const lines = splitLines(options.onLine);
  const receive = (data) => {
    silence.reset();
    result.output += data;
    log?.write(data);
    lines(String(data));
  };
  child.stdout.on("data", receive);
  child.stderr.on("data", receive);
  try {
    result.code = await new Promise((resolve, reject) => {
      child.on("error", (error) => {
        if (error.code === "ENOENT") {
          result.missing = true;
          resolve(null);
        } else {
          reject(error);
        }
      });
      child.on("close", resolve);
    });
  } finally {
    takeBack();
    clearTimeout(limit);
    silence.stop();
    log?.end();
  }
  return result;
}

/**
 * Runs the command proper: same terminal, signals passed on.
 * @returns {Promise<number>} its exit code; 128 plus the number of the signal that ended it
 */
export async function runForeground(command, args, env) {
  stopListening();
  const child = spawn(command, args, { stdio: "inherit", env });
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child as well, and a second one would mean "at once".
    if (signal !== "SIGINT" || !isTerminal()) {
      child.kill(signal);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, forward);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function isTerminal() {
  return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
}

function killGroup(pid) {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") {
      throw error;
    }
  }
}

function watchSilence(limitMs, end) {
  if (!limitMs) {
    return { reset() {}, stop() {} };
  }
  const start = () => setTimeout(() => end(`nothing came for ${limitMs / 1000} s`), limitMs);
  let timer = start();
  return {
    reset() {
      clearTimeout(timer);
      timer = start();
    },
    stop: () => clearTimeout(timer),
  };
}

function splitLines(onLine) {
  let rest = "";
  return (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop();
    for (const line of parts) {
      onLine?.(line);
    }
  };
}
