"use strict";
// The Pulumi language host for Node.js, in Node.js: `main.js [-v=N] [--logtostderr] [--tracing URL] <engine address>`.
// Prints the port it serves pulumirpc.LanguageRuntime on as its first line, as the engine expects, and ends with its engine.
const { createChildren } = require("./children");
const { announce } = require("./announce");
const { endWithEngine } = require("./lifetime");
const { parseArguments } = require("./arguments");
const { loadSdk } = require("./sdk");
const { createService } = require("./service");

function main() {
  const { engineAddress, verbosity } = parseArguments(process.argv.slice(2));
  const sdk = loadSdk([process.cwd(), __dirname]);
  const children = createChildren();
  const server = new sdk.grpc.Server(sdk.channelOptions);
  server.addService(sdk.languageService, createService({ sdk, children, engineAddress }));
  endWithEngine(children);
  server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      fail(error);
      return;
    }
    process.stdout.write(`${port}\n`);
    announce(sdk, engineAddress, verbosity);
  });
}

function fail(error) {
  process.stderr.write(`pulumi-language-nodejs: ${error.message}\n`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
