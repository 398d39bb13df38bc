// Puts the project's language host beside a CLI that was built without one. The copy is whole, so that every clone can
// share it and none has to stay; a newer clone's host replaces an older one, never the other way round.
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compareVersions } from "./versions.mjs";

const LAUNCHER = "pulumi-language-nodejs";

/**
 * Installs or updates the host in the CLI's folder. Does nothing where Pulumi's own host is, or ours in the same or a newer version.
 * @param {string} source the host's folder in this project
 * @param {string} folder the folder that the CLI is in
 * @returns {boolean} whether something was written
 */
export function installLanguageHost(source, folder) {
  const version = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")).version;
  const present = installedHostVersion(folder);
  if (existsSync(path.join(folder, LAUNCHER)) && (present === undefined || compareVersions(version, present) <= 0)) {
    return false;
  }
  const name = `language-host-${version}`;
  const copy = path.join(folder, `.${name}.${process.pid}`);
  cpSync(source, copy, { recursive: true });
  rmSync(path.join(folder, name), { recursive: true, force: true });
  renameSync(copy, path.join(folder, name));
  writeExecutable(path.join(folder, "pulumi-resource-pulumi-nodejs"), DYNAMIC_PROVIDER);
  writeExecutable(path.join(folder, LAUNCHER), languageHost(name));
  for (const other of readdirSync(folder)) {
    if (/^language-host-/.test(other) && other !== name) {
      rmSync(path.join(folder, other), { recursive: true, force: true });
    }
  }
  return true;
}

/** The version of our host beside a CLI; undefined where there is none, or Pulumi's own. */
export function installedHostVersion(folder) {
  let launcher;
  try {
    launcher = readFileSync(path.join(folder, LAUNCHER), "latin1");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
  return /language-host-(\d+\.\d+\.\d+)\/main\.js/.exec(launcher.slice(0, 2000))?.[1];
}

/** Whether the engine would find a language host for Node.js: beside the CLI, or on PATH. */
export function hasLanguageHost(folder, searchPath) {
  return [folder, ...searchPath.split(path.delimiter)].some(
    (candidate) => candidate !== "" && existsSync(path.join(candidate, LAUNCHER)),
  );
}

/** Written beside and renamed: a running `pulumi` never sees half a script. */
function writeExecutable(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o755 });
  renameSync(draft, file);
}

function languageHost(name) {
  return `#!/bin/sh
# Runs Node.js programs for the Pulumi engine; this CLI was built where Pulumi's own language host cannot be had.
exec node "$(dirname "$0")/${name}/main.js" "$@"
`;
}

const DYNAMIC_PROVIDER = `#!/bin/sh
# Runs dynamic resources with the @pulumi/pulumi of the program's own folder, which is the working directory.
provider=$(node -p 'require.resolve("@pulumi/pulumi/cmd/dynamic-provider")') || {
  echo "dynamic resources need the npm package @pulumi/pulumi in $PWD: run npm install there" >&2
  exit 1
}
exec node "$provider" "$@"
`;
