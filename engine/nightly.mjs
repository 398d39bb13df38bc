// `npm run test:nightly`: every test in its large size, with a seed that is said so that the run can be repeated. Tells how
// many cells and runs of what were tried, and ends with `N passed, N failed`. Arguments choose test files, as for jest.
import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { finish, runJest } from "./jest.mjs";
import { duration, say } from "./progress.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const account = path.join(root, ".cache", `nightly-${process.pid}.jsonl`);

async function main(args) {
  const { seed, files } = parse(args);
  if (seed === undefined) {
    return 2;
  }
  const started = Date.now();
  say(`Nightly run with seed ${seed}; to repeat it: npm run test:nightly -- --seed ${seed}`);
  mkdirSync(path.dirname(account), { recursive: true });
  const env = { ...process.env, NIGHTLY: "1", SEED: String(seed), NIGHTLY_ACCOUNT: account };
  try {
    const run = await runJest(root, files, env);
    process.stdout.write(summaryOf(readAccount(), seed, Date.now() - started));
    return finish(root, run, { everyTestRuns: files.length === 0 });
  } finally {
    rmSync(account, { force: true });
  }
}

function parse(args) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { seed: { type: "string" } } });
    const given = values.seed ?? process.env.SEED;
    const seed = given === undefined ? randomInt(1, 1_000_000_000) : Number(given);
    if (Number.isSafeInteger(seed) && seed >= 0 && given?.trim() !== "") {
      return { seed, files: positionals };
    }
    say(`--seed ${given}: a whole number is expected`);
  } catch (error) {
    say(error.message);
  }
  return {};
}

/** What the tests said, summed up by what it was. */
function readAccount() {
  const sums = new Map();
  for (const line of readIfThere(account).split("\n")) {
    if (line !== "") {
      const { what, count } = JSON.parse(line);
      sums.set(what, (sums.get(what) ?? 0) + count);
    }
  }
  return sums;
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return "";
    }
    throw error;
  }
}

function summaryOf(sums, seed, milliseconds) {
  const lines = [...sums].map(([what, count]) => `  ${count} ${what}\n`);
  return `\nTried with seed ${seed} in ${duration(milliseconds)}:\n${lines.join("") || "  nothing that is counted\n"}`;
}

process.exitCode = await main(process.argv.slice(2));
