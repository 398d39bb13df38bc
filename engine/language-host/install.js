"use strict";
// InstallDependencies: `pulumi install`, with the package manager that the project names or whose lock file is there.
const fs = require("node:fs");
const path = require("node:path");
const { readOptions } = require("./options");

const LOCK_FILES = { "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn", "bun.lock": "bun", "bun.lockb": "bun" };

function installDependencies({ sdk, children }, call) {
  const info = call.request.getInfo();
  const directory = info.getProgramDirectory();
  const manager = packageManager(readOptions(info).packagemanager, directory);
  const fail = (details) => call.emit("error", { code: sdk.grpc.status.UNKNOWN, details });
  const child = children.start(manager, ["install"], { cwd: directory });
  const forward = (setter) => (data) => {
    const response = new sdk.language.InstallDependenciesResponse();
    response[setter](data);
    call.write(response);
  };
  child.stdout.on("data", forward("setStdout"));
  child.stderr.on("data", forward("setStderr"));
  call.on("cancelled", () => children.interrupt(child));
  child.on("error", (error) => fail(`${manager} could not be started: ${error.message}`));
  child.on("close", (code, signal) => {
    if (code === 0) {
      call.end();
    } else {
      fail(`\`${manager} install\` in ${directory} failed with ${signal ?? `exit code ${code}`}`);
    }
  });
}

function packageManager(named, directory) {
  if (named !== "auto") {
    return named;
  }
  const found = Object.keys(LOCK_FILES).find((file) => fs.existsSync(path.join(directory, file)));
  return found ? LOCK_FILES[found] : "npm";
}

module.exports = { installDependencies };
