// Starts and stops the sandbox as `npm run sandbox` does, in a process of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(__dirname, "..", "sandbox", "main.ts");

export function sandboxCommand(option: "--detach" | "--stop", dir: string): Promise<void> {
  return new Promise((done, fail) => {
    const args = ["-r", "ts-node/register/transpile-only", MAIN, "start", option, "--dir", dir];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) {
        done();
      } else {
        fail(new Error(`The sandbox ended with exit code ${String(code)} (${option}):\n${output.trim()}`));
      }
    });
  });
}
