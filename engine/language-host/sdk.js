"use strict";
// Finds the program's own @pulumi/pulumi and takes gRPC and the protocol's messages from it, so that host and program
// always speak the same protocol version.
const path = require("node:path");
const { createRequire } = require("node:module");

/** As large as the engine's own limit: a resource may carry files. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * @param {string[]} directories where to look for node_modules, the nearest first
 * @returns gRPC, the messages and the service definitions of that SDK
 * @throws when none of them, nor a folder above, has @pulumi/pulumi
 */
function loadSdk(directories) {
  const manifest = firstResolved("@pulumi/pulumi/package.json", directories);
  if (!manifest) {
    throw new Error(
      `@pulumi/pulumi is not installed: looked in ${directories.join(" and ")} and the folders above. Run \`npm install\` in the program's folder.`,
    );
  }
  const fromSdk = createRequire(manifest);
  return {
    version: fromSdk("./package.json").version,
    grpc: fromSdk("@grpc/grpc-js"),
    language: fromSdk("./proto/language_pb.js"),
    languageService: fromSdk("./proto/language_grpc_pb.js").LanguageRuntimeService,
    plugin: fromSdk("./proto/plugin_pb.js"),
    analyzer: fromSdk("./proto/analyzer_pb.js"),
    analyzerService: fromSdk("./proto/analyzer_grpc_pb.js").AnalyzerService,
    engine: fromSdk("./proto/engine_pb.js"),
    EngineClient: fromSdk("./proto/engine_grpc_pb.js").EngineClient,
    Empty: fromSdk("google-protobuf/google/protobuf/empty_pb.js").Empty,
    channelOptions: {
      "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
      "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    },
  };
}

/**
 * The file of a module as a program in `directory` would load it.
 * @throws an error that says how to install the SDK
 */
function resolveFrom(directory, module) {
  const file = firstResolved(module, [directory]);
  if (!file) {
    throw new Error(
      `${module} cannot be found from ${directory}. Run \`npm install\` there; it needs the package @pulumi/pulumi.`,
    );
  }
  return file;
}

function firstResolved(module, directories) {
  for (const directory of directories) {
    try {
      return createRequire(path.join(directory, "resolve.js")).resolve(module);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") {
        throw error;
      }
    }
  }
  return undefined;
}

module.exports = { loadSdk, resolveFrom };
