// The environment of a command: this project's Node 24 and tools first on PATH, and the one Pulumi CLI before npm's stand-in for it.
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { EXECUTABLE } from "./settings.mjs";

/**
 * @param {string} root the project's folder
 * @param {string | undefined} cli the CLI's file, for commands that run it
 * @returns {NodeJS.ProcessEnv}
 */
export function commandEnvironment(root, cli, env = process.env) {
  const entries = [
    ...(cli ? [commandFolder(root, cli)] : []),
    path.join(root, "node_modules", ".bin"),
    ...(env.PATH ?? "").split(path.delimiter),
  ];
  return {
    // Compiled code is kept between runs: a program starts with a sixth less work.
    NODE_COMPILE_CACHE: path.join(root, ".cache", "node"),
    ...env,
    PATH: [...new Set(entries)].join(path.delimiter),
  };
}

/** The CLI's own folder; or one with a link to it alone, where the CLI's folder would put another Node.js first. */
function commandFolder(root, cli) {
  if (!existsSync(path.join(path.dirname(cli), "node"))) {
    return path.dirname(cli);
  }
  const folder = path.join(root, ".cache", "bin");
  const link = path.join(folder, EXECUTABLE);
  if (linkTarget(link) !== cli) {
    mkdirSync(folder, { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(cli, link);
  }
  return folder;
}

function linkTarget(link) {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "EINVAL") {
      return undefined;
    }
    throw error;
  }
}
