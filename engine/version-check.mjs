// Asks a CLI for its version, once for each file: the answer is remembered until the file changes.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runLogged } from "./child.mjs";
import { CLI_VERSION } from "./settings.mjs";

const LIMIT_MS = 20_000;

/** Whether `file` runs and is the CLI in the one version that fits. */
export async function answersVersion(root, file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat || stat.size === 0) {
    return false;
  }
  const memory = path.join(root, ".cache", "pulumi-versions.json");
  const known = readMemory(memory);
  const mark = `${stat.size} ${stat.mtimeMs}`;
  if (known[file]?.mark === mark) {
    return known[file].version === CLI_VERSION;
  }
  const version = await askVersion(file);
  if (version !== undefined) {
    remember(memory, { ...known, [file]: { mark, version } });
  }
  return version === CLI_VERSION;
}

async function askVersion(file) {
  let result;
  try {
    result = await runLogged(file, ["version"], {
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      limitMs: LIMIT_MS,
    });
  } catch (error) {
    // ENOEXEC, EACCES and the like: a file that is no program for this machine.
    if (error.syscall?.startsWith("spawn")) {
      return undefined;
    }
    throw error;
  }
  return result.code === 0 ? /^v?(\d+\.\d+\.\d+\S*)$/m.exec(result.output)?.[1] : undefined;
}

function readMemory(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Nothing remembered, or not readable: ask again.
    return {};
  }
}

function remember(file, known) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(known));
  renameSync(draft, file);
}
