// `npm run audit` as a process of its own, with the environment of a collaborator's shell.
import { execFile } from "node:child_process";
import { join } from "node:path";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = join(__dirname, "..", "..");

export function audit(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return execute(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", "cli/main.ts", "audit", ...args],
    env,
    ROOT,
  );
}

/** Runs a program to its end, whatever its exit code. */
export function execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
