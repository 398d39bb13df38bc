"use strict";
// The pulumirpc.LanguageRuntime service: what the engine asks of a language, each method answered or refused as unimplemented.
const { installDependencies } = require("./install");
const { readOptions } = require("./options");
const { programDependencies, requiredPackages } = require("./packages");
const { runPlugin } = require("./plugin");
const { runProgram } = require("./program");

/** @param host {{sdk, children, engineAddress: string}} */
function createService(host) {
  const { sdk, children } = host;
  const implemented = {
    handshake: answer(sdk, (request) => {
      host.engineAddress = request.getEngineAddress();
      return new sdk.language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(sdk, () => {
      const info = new sdk.plugin.PluginInfo();
      info.setVersion(sdk.version);
      return info;
    }),
    getRequiredPackages: answer(sdk, (request) => requiredPackages(sdk, request.getInfo().getProgramDirectory())),
    getRequiredPlugins: answer(sdk, () => new sdk.language.GetRequiredPluginsResponse()),
    getProgramDependencies: answer(sdk, (request) => programDependencies(sdk, request.getInfo().getProgramDirectory())),
    about: answer(sdk, (request) => about(sdk, request.getInfo())),
    run: (call, callback) => runProgram(host, call, callback),
    runPlugin: (call) => runPlugin(host, call),
    installDependencies: (call) => installDependencies(host, call),
    cancel: answer(sdk, () => {
      children.interruptAll();
      return new sdk.Empty();
    }),
  };
  return Object.fromEntries(
    Object.entries(sdk.languageService).map(([name, method]) => [name, implemented[name] ?? refuse(sdk, method)]),
  );
}

function about(sdk, info) {
  const response = new sdk.language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  response.getMetadataMap().set("packagemanager", readOptions(info).packagemanager);
  return response;
}

/** A method that computes its answer at once; what it throws reaches the engine as the call's error. */
function answer(sdk, compute) {
  return (call, callback) => {
    let response;
    try {
      response = compute(call.request);
    } catch (error) {
      callback({ code: sdk.grpc.status.UNKNOWN, details: error.message });
      return;
    }
    callback(null, response);
  };
}

/** Code generation, packing and linking: the engine falls back or says that the language cannot do it. */
function refuse(sdk, method) {
  const error = {
    code: sdk.grpc.status.UNIMPLEMENTED,
    details: `${method.path} is not part of this language host; install Pulumi's own to use it`,
  };
  return (call, callback) => (callback ? callback(error) : call.emit("error", error));
}

module.exports = { createService };
