// `npm test`: types, lint, format, then every test. Says what it does while it does it, names what failed, and ends with
// `N passed, N failed`; a run without a test, or with a skipped one, fails. With arguments: jest alone, with these arguments.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { duration, say, withProgress } from "./progress.mjs";
import { runLogged } from "./child.mjs";
import { summarize } from "./test-summary.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const cache = path.join(root, ".cache");

/** Each check is one command; its output is shown when it fails. Lint has no cache: with type information a file's result depends on others. */
const CHECKS = [
  { name: "types", command: ["tsc", "-p", "tsconfig.check.json"] },
  { name: "lint", command: ["eslint", "."] },
  {
    name: "format",
    command: ["prettier", "--check", "--log-level", "warn", "--cache", "--cache-location", ".cache/prettier", "."],
    remedy: "npm run format",
  },
];

/** jest writes its result when the last test is over, and must end soon after. */
const ENDING_MS = 10_000;

/** How long jest's last output may take to arrive after its end. */
const PIPES_MS = 2000;

/** Silence longer than this is broken by a line of our own. */
const QUIET_MS = 10_000;

async function main(args) {
  mkdirSync(cache, { recursive: true });
  if (args.length > 0) {
    return finish(await jest(args), { everyTestRuns: false });
  }
  const running = new Set(CHECKS.map(({ name }) => name));
  const checks = await withProgress(
    () => `Checking ${[...running].join(", ")}`,
    () =>
      Promise.all(
        CHECKS.map(async (check) => {
          const result = await runCheck(check);
          running.delete(check.name);
          return result;
        }),
      ),
  );
  for (const check of checks) {
    say(check.passed ? `PASS ${check.name} (${check.time})` : `FAIL ${check.name} (${check.time})\n${check.output}`);
  }
  return finish(await jest([]), { everyTestRuns: true, checks });
}

async function runCheck({ name, command: [program, ...args], remedy }) {
  const started = Date.now();
  const { code, output } = await runLogged(bin(program), args, { cwd: root });
  return {
    name,
    passed: code === 0,
    time: duration(Date.now() - started),
    output: remedy ? `${output}What helps: ${remedy}\n` : output,
  };
}

/** jest reports each file as it ends, and each failing test by name; its counts come from its JSON result. */
async function jest(args) {
  const resultFile = path.join(cache, `jest-${process.pid}.json`);
  const colors = process.stderr.isTTY ? ["--colors"] : [];
  const child = spawn(bin("jest"), [...colors, "--json", `--outputFile=${resultFile}`, ...args], {
    cwd: root,
    stdio: ["inherit", "pipe", "pipe"],
  });
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

function finish({ code, hangs, result }, { everyTestRuns, checks = [] }) {
  const { failures, passed, failed } = summarize({ result, jestCode: code, hangs, everyTestRuns, checks, root });
  if (failures.length > 0) {
    process.stdout.write(`\nFailed:\n${failures.map((failure) => `  ${failure}\n`).join("")}`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
