"use strict";
// The dynamic providers' whole text in a stack's state: it captures nothing but the kind's name, and takes its methods
// from the package when one is called. It is never changed: another text would be a diff in every stack there is.

/** One for each kind, since the engine's serializer knows a provider that it has seen by its object. */
const shims = new Map();

/** @param {string} kind */
exports.shim = (kind) => {
  const known = shims.get(kind) ?? made(kind);
  shims.set(kind, known);
  return known;
};

// A method that were not there would pass for done, a deletion too: so all are there, and fail where the package is not.
const made = (kind) => ({
  configure(r) {
    const load = require("module").createRequire(process.cwd() + "/x.js");
    for (const name of ["check", "diff", "create", "update", "read", "delete"])
      this[name] = async (...args) => {
        const methods = load("pulumi-cleanroom/provider").open(kind, r.config);
        return methods[name](...args);
      };
  },
});
