"use strict";
// Run: one program, once, for a preview or an update. Its output is the host's own output, which the engine shows.
const { readOptions, withOptions } = require("./options");
const { resolveFrom } = require("./sdk");

/** The SDK ends with this code after it has shown the error itself; the engine then adds nothing. */
const ALREADY_REPORTED = 32;

function runProgram({ sdk, children, engineAddress }, call, callback) {
  const response = new sdk.language.RunResponse();
  let answered = false;
  const finish = (problem) => {
    if (answered) {
      return;
    }
    answered = true;
    if (problem) {
      response.setError(problem);
    }
    callback(null, response);
  };
  const request = call.request;
  const options = readOptions(request.getInfo());
  let args;
  try {
    args = programArguments(request, options, engineAddress);
  } catch (error) {
    finish(error.message);
    return;
  }
  const child = children.start("node", args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...withOptions(process.env, options), ...configuration(request) },
  });
  call.on("cancelled", () => children.interrupt(child));
  child.on("error", (error) => finish(`node could not be started to run the program: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (code === ALREADY_REPORTED) {
      response.setBail(true);
    }
    finish(code === 0 || code === ALREADY_REPORTED ? undefined : ending(code, signal));
  });
}

function programArguments(request, options, engineAddress) {
  const info = request.getInfo();
  const directory = info.getProgramDirectory();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: directory,
    parallel: request.getParallel(),
  };
  return [
    ...options.nodeargs,
    resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
    ...Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, String(value)] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

/** Stack configuration travels in the environment; secrets are in it in plain text, as with every language. */
function configuration(request) {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

function ending(code, signal) {
  return code === null ? `the program was ended by ${signal}` : `the program ended with exit code ${code}`;
}

module.exports = { runProgram };
