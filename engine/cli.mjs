// Finds the Pulumi CLI in the one version that fits, or gets it: on PATH, in Pulumi's home, from the official download, by
// building it. What is got is kept in Pulumi's home, where every project of this user finds it.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { buildCli } from "./build.mjs";
import { downloadCli } from "./download.mjs";
import { hasLanguageHost, installedHostVersion, installLanguageHost } from "./host.mjs";
import { withLock } from "./lock.mjs";
import { say } from "./progress.mjs";
import { CLI_VERSION, cliFolder, EXECUTABLE, GO_VERSION, pulumiHome } from "./settings.mjs";
import { SetupError } from "./setup-error.mjs";
import { answersVersion } from "./version-check.mjs";

/**
 * @typedef {{file: string, why: string, isNew: boolean}} Cli `why`: where it came from, and what was tried before
 */

/**
 * @param {{root: string, env?: NodeJS.ProcessEnv}} project
 * @returns {Promise<Cli>}
 * @throws {SetupError} when it can neither be found nor be got: what was tried, and what to install
 */
export async function ensureCli({ root, env = process.env }) {
  const onPath = await findOnPath(root, env);
  if (onPath) {
    return { file: onPath, why: "found on PATH", isNew: false };
  }
  const folder = cliFolder(pulumiHome(env));
  const kept = await findKept(root, folder);
  if (kept) {
    return kept;
  }
  let toldWaiting = false;
  const onWait = ({ pid }) => {
    if (!toldWaiting) {
      toldWaiting = true;
      say(`Waiting for process ${pid}, which gets the Pulumi CLI.`);
    }
  };
  return withLock(
    path.join(path.dirname(path.dirname(folder)), `${CLI_VERSION}.lock`),
    onWait,
    async (lock) => (await findKept(root, folder)) ?? (await getCli(root, env, folder, (pid) => lock.include(pid))),
  );
}

async function findOnPath(root, env) {
  for (const entry of (env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(entry, EXECUTABLE);
    // npm's own `pulumi` is no CLI: asked for its version it would begin to download one.
    const isShim = path.basename(entry) === ".bin" && path.basename(path.dirname(entry)) === "node_modules";
    if (entry === "" || isShim || !isExecutable(file)) {
      continue;
    }
    const folder = path.dirname(realpathSync(file));
    if (hasLanguageHost(folder, env.PATH) && (await answersVersion(root, file))) {
      return file;
    }
  }
  return undefined;
}

/** What is in Pulumi's home, with the newest of our hosts if it is there with one of ours. */
async function findKept(root, folder) {
  const file = path.join(folder, EXECUTABLE);
  if (!isExecutable(file) || !(await answersVersion(root, file))) {
    return undefined;
  }
  if (!hasLanguageHost(folder, "") || installedHostVersion(folder)) {
    installLanguageHost(path.join(root, "engine", "language-host"), folder);
  }
  return { file, why: readOrigin(folder) ?? "kept in Pulumi's home", isNew: false };
}

async function getCli(root, env, folder, onStart) {
  const versions = path.dirname(path.dirname(folder));
  const log = path.join(root, ".cache", "pulumi-cli.log");
  mkdirSync(path.dirname(log), { recursive: true });
  rmSync(log, { force: true });
  const place = (name) => path.join(versions, `.${name}-${CLI_VERSION}-${process.pid}`);

  const workFolder = place("download");
  const packageFolder = path.join(root, "node_modules", "pulumi");
  const downloaded = await downloadCli({ packageFolder, env, workFolder, log, onStart });
  const downloadProblem = downloaded.problem ?? (await unusable(root, downloaded.folder));
  if (!downloadProblem) {
    const result = keep(downloaded.folder, folder, "the official download");
    rmSync(workFolder, { recursive: true, force: true });
    return result;
  }
  rmSync(workFolder, { recursive: true, force: true });

  say(
    `Pulumi CLI ${CLI_VERSION} could not be downloaded (${downloadProblem}); building it instead.\nThe first build takes about six minutes on two cores; later ones, and other projects, have it.`,
  );
  const buildFolder = place("build");
  const built = await buildCli({ root, env, folder: buildFolder, log, onStart });
  const buildProblem = built.problem ?? (await unusable(root, buildFolder));
  if (!buildProblem) {
    return keep(
      buildFolder,
      folder,
      `built from the Go module proxy, because the official download failed (${downloadProblem})`,
    );
  }
  rmSync(buildFolder, { recursive: true, force: true });
  throw new SetupError(
    [
      `There is no Pulumi CLI ${CLI_VERSION}, and it could not be got. Tried, in this order:`,
      `- on PATH, and ${folder}: not there in this version`,
      `- the official download: ${downloadProblem}`,
      `- building it: ${buildProblem}`,
      `What helps: install Pulumi ${CLI_VERSION} (pulumi.com/docs/install/versions), or Go ${GO_VERSION} or newer (go.dev/dl), or connect to the network; then run the command again.`,
    ].join("\n"),
  );
}

async function unusable(root, folder) {
  const file = path.join(folder, EXECUTABLE);
  return (await answersVersion(root, file))
    ? undefined
    : `what it gave does not answer \`pulumi version\` with ${CLI_VERSION}`;
}

/** Moves a whole folder into place at once; a broken one that was there goes away. */
function keep(from, folder, why) {
  writeFileSync(path.join(from, ORIGIN), JSON.stringify({ why }));
  mkdirSync(path.dirname(folder), { recursive: true });
  const old = `${folder}.old-${process.pid}`;
  if (existsSync(folder)) {
    renameSync(folder, old);
  }
  renameSync(from, folder);
  rmSync(old, { recursive: true, force: true });
  return { file: path.join(folder, EXECUTABLE), why, isNew: true };
}

/** Beside the CLI, for whoever asks later where it came from. */
const ORIGIN = "origin.json";

function readOrigin(folder) {
  const file = path.join(folder, ORIGIN);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).why : undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
