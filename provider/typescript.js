"use strict";
// Loads TypeScript sources in a process that has no loader for them yet: transpiled by swc, unchecked, in milliseconds.
const { transformFileSync } = require("@swc/core");

const OPTIONS = {
  swcrc: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};

/** Registers the loader; `replace` also where another one, such as a type-checking ts-node, is there already. */
exports.loadTypeScript = ({ replace = false } = {}) => {
  if (replace || require.extensions[".ts"] === undefined) {
    require.extensions[".ts"] = (module, file) => module._compile(transformFileSync(file, OPTIONS).code, file);
  }
};
