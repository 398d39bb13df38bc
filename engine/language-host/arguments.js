"use strict";
// Reads the arguments that the engine passes to a plugin: optional log and tracing flags, then its own address.

/** Flags whose value may follow as an argument of its own. */
const FLAGS_WITH_VALUE = new Set(["--tracing", "-tracing"]);

/**
 * @param {string[]} args the process's arguments, without node and script
 * @returns {{engineAddress: string, verbosity: number}} `host:port` of the engine's own service, and the `-v` level (0 when unset)
 * @throws when no address is given
 */
function parseArguments(args) {
  let verbosity = 0;
  const positional = [];
  for (let i = 0; i < args.length; i++) {
    const level = /^--?v(?:erbose)?=(\d+)$/.exec(args[i]);
    if (level) {
      verbosity = Number(level[1]);
    } else if (FLAGS_WITH_VALUE.has(args[i])) {
      i++;
    } else if (!args[i].startsWith("-")) {
      positional.push(args[i]);
    }
  }
  if (positional.length === 0) {
    throw new Error(
      "the address of the Pulumi engine is missing. This program is started by `pulumi`; there is no need to run it by hand.",
    );
  }
  return { engineAddress: positional[0], verbosity };
}

module.exports = { parseArguments };
