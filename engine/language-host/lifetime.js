"use strict";
// Ends the host, and what it started, with the engine: on Ctrl-C, on SIGTERM, and when the engine is gone without a word.

/** A killed engine is noticed within this time. */
const PARENT_CHECK_MS = 500;

function endWithEngine(children) {
  let ending = false;
  const end = () => {
    if (!ending) {
      ending = true;
      children.interruptAll(() => process.exit(0));
    }
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  // An orphan is given another parent; the protocol itself has no message for this.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) {
      end();
    }
  }, PARENT_CHECK_MS).unref();
}

module.exports = { endWithEngine };
