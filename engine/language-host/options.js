"use strict";
// The `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml, and the environment that they ask for.

/**
 * @param info a pulumirpc.ProgramInfo
 * @returns {{typescript: boolean, nodeargs: string[], packagemanager: string, tsconfig?: string, startsatonce: boolean}}
 */
function readOptions(info) {
  const given = info?.getOptions()?.toJavaScript() ?? {};
  return {
    typescript: given.typescript !== false,
    nodeargs: splitArguments(given.nodeargs ?? ""),
    packagemanager: given.packagemanager ?? "auto",
    tsconfig: given.tsconfig,
    // Of a policy pack that needs no environment: it learns of its stack when the engine tells it.
    startsatonce: given.startsatonce === true,
  };
}

/** Adds what the SDK's starters read from the environment. */
function withOptions(environment, options) {
  return {
    ...environment,
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}

/** Splits at blanks; a quoted part stays whole and loses its quotes. */
function splitArguments(text) {
  return (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((part) => part.replace(/^(["'])(.*)\1$/, "$2"));
}

module.exports = { readOptions, withOptions, splitArguments };
