"use strict";
// The dynamic providers' whole text in a stack's state: it captures nothing but the kind's name, and takes its methods
// from the package when it runs. It is never changed: another text would be a diff in every stack there is.

/** @param {string} kind */
exports.shim = (kind) => ({
  configure(r) {
    const load = require("module").createRequire(process.cwd() + "/x.js");
    Object.assign(this, load("pulumi-cleanroom/provider").open(kind, r.config));
  },
});
