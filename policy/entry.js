"use strict";
// Starts the pack, straight from its TypeScript sources where it is not compiled. Without type checks, which the engine's
// runner would do at every start, for seconds: the tests do them once.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (!existsSync(join(__dirname, "pack.js"))) {
  require("../provider/typescript").loadTypeScript({ replace: true });
}
require("./pack");
