// The versions and places that setting up depends on, each said once.
import os from "node:os";
import path from "node:path";

/** The one CLI version that the official download and the Go module proxy both have, and that the packages fit. */
export const CLI_VERSION = "3.259.0";

/** The oldest Go that compiles it (its own go.mod). */
export const GO_VERSION = "1.25.11";

/** Pulumi's home, shared by all projects of a user; `PULUMI_HOME` overrides it, as for the CLI. */
export function pulumiHome(env = process.env) {
  return env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");
}

/** Where npm's `pulumi` package and the Automation API look for this version, hence where a build belongs. */
export function cliFolder(home) {
  return path.join(home, "versions", CLI_VERSION, "bin");
}

/** The CLI's file name. */
export const EXECUTABLE = "pulumi";
