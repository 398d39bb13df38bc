"use strict";
// Loads the uploading program by the package's name: compiled, or straight from its TypeScript sources.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (!existsSync(join(__dirname, "index.js"))) {
  require("../typescript").loadTypeScript();
}
module.exports = require("./index");
