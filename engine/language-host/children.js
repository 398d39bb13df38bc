"use strict";
// Every process that the host starts, so that none outlives it: interrupted first, killed when that does not help.
const { spawn } = require("node:child_process");

/** How long an interrupted child may take to end; less than the five seconds that the engine gives the host itself. */
const GRACE_MS = 3000;

function createChildren() {
  const running = new Set();

  /** Starts a process; standard input is closed. */
  function start(command, args, options) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    running.add(child);
    child.on("close", () => running.delete(child));
    child.on("error", () => running.delete(child));
    return child;
  }

  /** Asks a child to end as Ctrl-C would, and ends it after the grace time. */
  function interrupt(child) {
    if (!running.has(child)) {
      return;
    }
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    timer.unref();
    child.on("close", () => clearTimeout(timer));
  }

  /** Interrupts all children and calls back when the last one has ended, at the latest after the grace time. */
  function interruptAll(done = () => {}) {
    if (running.size === 0) {
      done();
      return;
    }
    for (const child of running) {
      child.on("close", () => {
        if (running.size === 0) {
          done();
        }
      });
      interrupt(child);
    }
    setTimeout(done, GRACE_MS + 500).unref();
  }

  return { start, interrupt, interruptAll };
}

module.exports = { createChildren };
