// Installs the npm packages, Node 24 among them, when what is installed is not what the lock file says. Quiet otherwise.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { runLogged } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { duration, say, withProgress } from "./progress.mjs";
import { knownCause, lastLines, SetupError } from "./setup-error.mjs";

/**
 * @param {string} root the project's folder
 * @returns {Promise<boolean>} whether something was installed
 * @throws {SetupError} when npm fails; the message names the cause and npm's log
 */
export async function ensurePackages(root) {
  if (packagesAreInstalled(root)) {
    return false;
  }
  let told = false;
  const onWait = ({ pid }) => {
    if (!told) {
      told = true;
      say(`Waiting for process ${pid}, which installs the packages.`);
    }
  };
  return withLock(path.join(root, ".cache", "install.lock"), onWait, async (lock) => {
    if (packagesAreInstalled(root)) {
      return false;
    }
    await install(root, lock);
    return true;
  });
}

/**
 * npm writes node_modules/.package-lock.json last: where it agrees with package-lock.json the installation is whole and current,
 * whoever made it.
 */
export function packagesAreInstalled(root) {
  const modules = path.join(root, "node_modules");
  const installed = readJson(path.join(modules, ".package-lock.json"));
  const wanted = readJson(path.join(root, "package-lock.json"));
  if (!installed || !wanted || !existsSync(path.join(modules, ".bin", "node"))) {
    return false;
  }
  return Object.entries(wanted.packages).every(([place, entry]) => {
    const present = installed.packages[place];
    return place === "" || (present ? present.version === entry.version : entry.optional === true);
  });
}

async function install(root, lock) {
  const log = path.join(root, ".cache", "npm-install.log");
  mkdirSync(path.dirname(log), { recursive: true });
  rmSync(log, { force: true });
  const started = Date.now();
  const wanted = topLevelManifests(root);
  const describe = () => `Installing packages: ${wanted.filter(existsSync).length} of ${wanted.length}`;
  const npm = (...args) =>
    runLogged("npm", [...args, "--no-audit", "--no-fund", "--no-progress", "--loglevel=warn"], {
      cwd: root,
      log,
      env: { ...process.env, npm_config_update_notifier: "false" },
      onStart: (pid) => lock.include(pid),
    });
  const result = await withProgress(describe, async () => {
    const exact = await npm("ci");
    // A lock file written where some platform's packages cannot be had is refused by `npm ci` alone.
    return /\bEUSAGE\b/.test(exact.output) ? npm("install", "--no-save") : exact;
  });
  if (result.missing) {
    throw new SetupError("npm is not on PATH. Install Node.js 20 or newer, which brings it, from nodejs.org.");
  }
  if (result.code !== 0) {
    throw new SetupError(
      `Installing the packages failed: ${knownCause(result.output) ?? `npm ended with exit code ${result.code}`}.\n` +
        `  ${lastLines(result.output.replace(/^npm (warn|notice).*$/gm, ""))}\n` +
        `The whole log is ${log}. When the cause is gone, run the command again.`,
    );
  }
  if (!packagesAreInstalled(root)) {
    throw new SetupError(
      `npm ended well, but node_modules is not what package-lock.json says, or has no Node.js 24 (node_modules/.bin/node).\n` +
        `If npm's setting ignore-scripts is on, allow the script of the package \`node\`. The log is ${log}.`,
    );
  }
  say(`Packages installed, ${duration(Date.now() - started)}.`);
}

function topLevelManifests(root) {
  return (
    Object.entries(readJson(path.join(root, "package-lock.json"))?.packages ?? {})
      .filter(([place, entry]) => place !== "" && !entry.optional && !place.includes("/node_modules/"))
      // npm makes all folders at once and fills them one by one.
      .map(([place]) => path.join(root, place, "package.json"))
  );
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
