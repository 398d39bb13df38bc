"use strict";
// Loads the provider where it is asked for by name: compiled, or straight from its TypeScript sources.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (!existsSync(join(__dirname, "index.js")) && require.extensions[".ts"] === undefined) {
  require("ts-node").register({ transpileOnly: true, project: join(__dirname, "..", "tsconfig.json") });
}
module.exports = require("./index");
