"use strict";
// Starts the pack, straight from its TypeScript sources where it is not compiled: without type checks, so in a second.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (!existsSync(join(__dirname, "pack.js"))) {
  require("ts-node").register({ transpileOnly: true, project: join(__dirname, "..", "tsconfig.json") });
}
require("./pack");
