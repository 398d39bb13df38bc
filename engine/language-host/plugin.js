"use strict";
// RunPlugin: a provider or policy pack written in TypeScript or JavaScript, its output streamed to the engine until it ends.
const { readOptions, withOptions } = require("./options");
const { runPolicyPack } = require("./policy-pack");
const { resolveFrom } = require("./sdk");

function runPlugin(host, call) {
  const request = call.request;
  const options = readOptions(request.getInfo());
  const stream = createStream(host.sdk, call);
  try {
    if (request.getKind() === "analyzer" && !options.startsatonce) {
      runPolicyPack(host, call, stream, pluginStart(host, request, options));
    } else {
      const child = pluginStart(host, request, options)({});
      child.stdout.on("data", stream.stdout);
      stream.follow(child);
      call.on("cancelled", () => host.children.interrupt(child));
    }
  } catch (error) {
    stream.fail(error);
  }
}

/** Prepares the plugin's process; starting it is left to the caller, who adds to its environment. */
function pluginStart({ children }, request, options) {
  const directory = request.getInfo().getProgramDirectory();
  const isPolicyPack = request.getKind() === "analyzer";
  const own = request.getArgsList();
  const args = [...options.nodeargs, ...starterOf(directory, isPolicyPack, options, own)];
  const environment = withOptions(parseEnvironment(request.getEnvList()), options);
  return (extra) =>
    children.start("node", args, {
      cwd: isPolicyPack ? directory : request.getPwd(),
      env: { ...environment, ...extra },
    });
}

/** The SDK's starter with its arguments; or the pack's folder itself, where it serves the engine without the SDK. */
function starterOf(directory, isPolicyPack, { startsatonce }, own) {
  if (!isPolicyPack) {
    return [resolveFrom(directory, "@pulumi/pulumi/cmd/run-plugin"), directory, ...own];
  }
  return startsatonce ? [directory] : [resolveFrom(directory, "@pulumi/pulumi/cmd/run-policy-pack"), ...own, directory];
}

/** `NAME=value` pairs as the engine sends them; a later one wins. */
function parseEnvironment(pairs) {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function createStream(sdk, call) {
  let ended = false;
  const send = (set) => {
    if (!ended) {
      const response = new sdk.language.RunPluginResponse();
      set(response);
      call.write(response);
    }
  };
  const stdout = (data) => send((response) => response.setStdout(data));
  const stderr = (data) => send((response) => response.setStderr(data));
  const fail = (error) => {
    if (!ended) {
      ended = true;
      call.emit("error", { code: sdk.grpc.status.UNKNOWN, details: error.message });
    }
  };
  const follow = (child) => {
    child.stderr.on("data", stderr);
    child.on("error", (error) => fail(new Error(`node could not be started to run the plugin: ${error.message}`)));
    child.on("close", (code) => {
      send((response) => response.setExitcode(code ?? 1));
      ended = true;
      call.end();
    });
  };
  return { stdout, stderr, fail, follow };
}

module.exports = { runPlugin };
