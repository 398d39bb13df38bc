"use strict";
/** Tests transpile with swc; types are checked once, by `npm run check`. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/.sandbox/", "/.cache/"],
  modulePathIgnorePatterns: ["<rootDir>/.sandbox/", "<rootDir>/.cache/"],
  transform: { "^.+\\.(t|m?j)s$": "@swc/jest" },
  // These ship ES modules only.
  transformIgnorePatterns: [
    "/node_modules/(?!(jose|hyparquet|hyparquet-writer|hyparquet-compressors|hysnappy|fzstd)/)",
  ],
  testTimeout: 30_000,
  // Most of a test waits for other processes, so none of the machine's cores is left to them alone.
  maxWorkers: "100%",
};
