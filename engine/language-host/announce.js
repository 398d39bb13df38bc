"use strict";
// Says in the engine's log which language host runs: to be seen with `pulumi --debug`, or as information with `--verbose --logflow`.

const { version } = require("./package.json");

function announce(sdk, engineAddress, verbosity) {
  const request = new sdk.engine.LogRequest();
  request.setSeverity(verbosity > 0 ? sdk.engine.LogSeverity.INFO : sdk.engine.LogSeverity.DEBUG);
  request.setMessage(
    `Node.js language host ${version} of pulumi-cleanroom (${__dirname}), in place of Pulumi's own, which is not installed beside this CLI`,
  );
  const client = new sdk.EngineClient(engineAddress, sdk.grpc.credentials.createInsecure(), sdk.channelOptions);
  client.log(request, (error) => {
    client.close();
    if (error && verbosity > 0) {
      process.stderr.write(
        `pulumi-language-nodejs: the engine at ${engineAddress} took no log line: ${error.message}\n`,
      );
    }
  });
}

module.exports = { announce };
