// Asks the Pulumi CLI. Its standard output may hold secrets: it is answered, and never part of an error.
import { execFile } from "node:child_process";

/** The CLI could not be run, or ended with an error. */
export class PulumiCliError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PulumiCliError";
  }
}

/** A state of a hundred thousand resources still fits. */
const LARGEST_OUTPUT = 512 * 1024 * 1024;
const DEADLINE = 120_000;

/** Runs `pulumi` with these arguments in a folder; answers its standard output. */
export function pulumi(args: readonly string[], cwd: string): Promise<string> {
  const command = `pulumi ${args.join(" ")}`;
  const options = { cwd, env: process.env, maxBuffer: LARGEST_OUTPUT, timeout: DEADLINE, encoding: "utf8" } as const;
  return new Promise((resolve, reject) => {
    execFile("pulumi", [...args, "--non-interactive", "--color", "never"], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (error.code === "ENOENT") {
        reject(new PulumiCliError(`The Pulumi CLI is not on PATH: \`npm run engine\` finds or gets it.`));
      } else {
        const why = error.killed === true ? `it did not end within ${DEADLINE / 1_000} s` : stderr.trim();
        reject(new PulumiCliError(`\`${command}\` failed: ${why}`));
      }
    });
  });
}
