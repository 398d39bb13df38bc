"use strict";
/** The nightly run: the large sweeps, and whatever of the tests grows with CLEANROOM_NIGHTLY. */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["**/*.nightly.ts"],
};
