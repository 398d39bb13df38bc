"use strict";
// Starts a policy pack once its stack, project and configuration are known. The pack reads them from its environment,
// but the engine sends them (ConfigureStack) only to a pack that runs: so the Analyzer service is served here first,
// and every call is passed on, byte for byte, to the pack behind it.

/**
 * @param start starts the pack's process with additional environment variables
 */
function runPolicyPack({ sdk, children }, call, stream, start) {
  let pack;
  let cancelled = false;
  const connected = (environment) => {
    if (cancelled) {
      return Promise.reject(unavailable(sdk, "the policy pack was cancelled"));
    }
    pack ??= connect(sdk, stream, start(environment));
    return pack.client;
  };
  const server = new sdk.grpc.Server(sdk.channelOptions);
  server.addService(rawService(sdk.analyzerService), forwarder(sdk, connected));
  call.on("cancelled", () => {
    cancelled = true;
    server.forceShutdown();
    if (pack) {
      children.interrupt(pack.child);
    }
  });
  server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      stream.fail(error);
    } else {
      stream.stdout(Buffer.from(`${port}\n`));
    }
  });
}

/** Every method of the Analyzer service; the two of the start are answered with what the pack cannot know yet. */
function forwarder(sdk, connected) {
  const forward = (method, environment) => (call, callback) => {
    connected(environment?.(call.request) ?? {}).then(
      (client) => client[method](call.request, { deadline: call.getDeadline() }, callback),
      callback,
    );
  };
  return {
    ...Object.fromEntries(Object.keys(sdk.analyzerService).map((method) => [method, forward(method)])),
    handshake: (_call, callback) =>
      callback(null, Buffer.from(new sdk.analyzer.AnalyzerHandshakeResponse().serializeBinary())),
    configureStack: forward("configureStack", (bytes) =>
      stackEnvironment(sdk.analyzer.AnalyzerStackConfigureRequest.deserializeBinary(new Uint8Array(bytes))),
    ),
  };
}

/** What `@pulumi/policy` and `pulumi.getStack()` read inside the pack; both spellings, as the engine sets them for other languages. */
function stackEnvironment(request) {
  const values = {
    ORGANIZATION: request.getOrganization(),
    PROJECT: request.getProject(),
    STACK: request.getStack(),
    DRY_RUN: String(request.getDryRun()),
  };
  const environment = { PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())) };
  for (const [name, value] of Object.entries(values)) {
    environment[`PULUMI_${name}`] = value;
    environment[`PULUMI_NODEJS_${name}`] = value;
  }
  return environment;
}

/** The pack prints its port as the first line; what follows is output to be shown. */
function connect(sdk, stream, child) {
  stream.follow(child);
  const client = new Promise((resolve, reject) => {
    let head = "";
    const readPort = (data) => {
      head += data;
      const end = head.indexOf("\n");
      if (end < 0) {
        return;
      }
      child.stdout.off("data", readPort);
      child.stdout.on("data", stream.stdout);
      if (head.length > end + 1) {
        stream.stdout(Buffer.from(head.slice(end + 1)));
      }
      const Client = sdk.grpc.makeGenericClientConstructor(rawService(sdk.analyzerService), "Analyzer");
      const address = `127.0.0.1:${head.slice(0, end).trim()}`;
      resolve(new Client(address, sdk.grpc.credentials.createInsecure(), sdk.channelOptions));
    };
    child.stdout.on("data", readPort);
    child.on("error", reject);
    child.on("close", (code) =>
      reject(unavailable(sdk, `the policy pack ended with exit code ${code} before it was ready`)),
    );
  });
  // Nobody may be waiting when the pack ends; whoever calls later still gets the reason.
  client.catch(() => {});
  return { child, client };
}

function unavailable(sdk, details) {
  return Object.assign(new Error(details), { code: sdk.grpc.status.UNAVAILABLE, details });
}

/** The same methods with messages left as bytes: what this host does not know of is passed on unchanged. */
function rawService(definition) {
  const asIs = (bytes) => bytes;
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    ]),
  );
}

module.exports = { runPolicyPack };
