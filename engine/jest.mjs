// Runs jest: says that it still runs when it is quiet, ends it when it does not end by itself, and counts from its own
// result what passed and what failed.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { duration, say } from "./progress.mjs";
import { summarize } from "./test-summary.mjs";

/** jest writes its result when the last test is over, and must end soon after. */
const ENDING_MS = 10_000;

/** How long jest's last output may take to arrive after its end. */
const PIPES_MS = 2000;

/** Silence longer than this is broken by a line of our own. */
const QUIET_MS = 10_000;

/**
 * jest reports each file as it ends, and each failing test by name; its counts come from its JSON result.
 * @param {string} root the project's folder
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export async function runJest(root, args, env = process.env) {
  const cache = path.join(root, ".cache");
  mkdirSync(cache, { recursive: true });
  const resultFile = path.join(cache, `jest-${process.pid}.json`);
  const colors = process.stderr.isTTY ? ["--colors"] : [];
  const child = spawn(
    path.join(root, "node_modules", ".bin", "jest"),
    [...colors, "--json", `--outputFile=${resultFile}`, ...args],
    {
      cwd: root,
      env,
      stdio: ["inherit", "pipe", "pipe"],
    },
  );
  const started = Date.now();
  let lastOutput = Date.now();
  let hangs = false;
  let overSince;
  const heartbeat = setInterval(() => {
    overSince ??= existsSync(resultFile) ? Date.now() : undefined;
    if (overSince && Date.now() - overSince > ENDING_MS) {
      hangs = true;
      child.kill("SIGKILL");
    } else if (Date.now() - lastOutput > QUIET_MS) {
      lastOutput = Date.now();
      say(`Tests still run, ${duration(Date.now() - started)}`);
    }
  }, 1000);
  const forward = (target) => (data) => {
    lastOutput = Date.now();
    // Where the result file was is nobody's business once it is read.
    target.write(String(data).replace(/^Test results written to: .*\n/m, ""));
  };
  child.stderr.on("data", forward(process.stderr));
  child.stdout.on("data", forward(process.stdout));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve(exitCode ?? 1));
    // What a test left running may hold the pipes open for ever.
    child.on("exit", (exitCode) => setTimeout(() => resolve(exitCode ?? 1), PIPES_MS).unref());
  });
  clearInterval(heartbeat);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, hangs, result: readResult(resultFile) };
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}

/** Names what failed and ends with `N passed, N failed`; answers the exit code. */
export function finish(root, { code, hangs, result }, { everyTestRuns, checks = [] }) {
  const { failures, passed, failed } = summarize({ result, jestCode: code, hangs, everyTestRuns, checks, root });
  if (failures.length > 0) {
    process.stdout.write(`\nFailed:\n${failures.map((failure) => `  ${failure}\n`).join("")}`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}
