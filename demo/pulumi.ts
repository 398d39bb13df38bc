// One collaborator's Pulumi CLI, as that collaborator would run it: own state, own configuration, own token.
import { spawn } from "node:child_process";
import { join, relative } from "node:path";

export interface Run {
  readonly output: string;
  readonly seconds: number;
}

/** The CLI ended with an error; its output is in the message. */
export class PulumiError extends Error {
  constructor(
    readonly command: string,
    readonly code: number | null,
    readonly output: string,
  ) {
    super(`\`${command}\` ended with ${code === null ? "a signal" : `exit code ${code}`}:\n${output.trim()}`);
    this.stack = undefined;
  }
}

const ROOT = join(__dirname, "..");
const POLICY = join(ROOT, "policy");

export class Collaborator {
  constructor(
    readonly name: string,
    readonly env: Readonly<Record<string, string>>,
    /** Folder of the Pulumi project. @default this project's root */
    private readonly project = ROOT,
  ) {}

  /** What would change, judged by the policy pack. */
  preview(progress: (text: string) => void): Promise<Run> {
    return this.run(["preview", "--stack", this.name, ...this.#policy], undefined, progress);
  }

  up(progress: (text: string) => void): Promise<Run> {
    return this.run(["up", "--stack", this.name, "--yes", "--skip-preview", ...this.#policy], undefined, progress);
  }

  async setConfig(key: string, value: string, secret = false): Promise<void> {
    // A secret goes by standard input: a command line is there for every process to see.
    const args = ["config", "set", "--stack", this.name, ...(secret ? ["--secret"] : ["--plaintext"]), key];
    await this.run(args, value);
  }

  async config(): Promise<Readonly<Record<string, { value?: string; secret: boolean }>>> {
    const { output } = await this.run(["config", "--stack", this.name, "--json"]);
    return JSON.parse(output) as Record<string, { value?: string; secret: boolean }>;
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { output } = await this.run(["stack", "output", "--stack", this.name, "--json"]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  get #policy(): readonly string[] {
    return ["--policy-pack", relative(this.project, POLICY)];
  }

  run(args: readonly string[], input?: string, progress?: (text: string) => void): Promise<Run> {
    const start = Date.now();
    const command = `pulumi ${args.join(" ")}`;
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
        cwd: this.project,
        env: { ...process.env, ...this.env },
        stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      });
      let output = "";
      const take = (chunk: string): void => {
        output += chunk;
        // The engine's own sign of life is a line of dots that grows.
        const last = chunk.split("\n").findLast((line) => !/^(@.*|[.\s]*)$/.test(line));
        if (last !== undefined) {
          progress?.(last.trim());
        }
      };
      child.stdout?.setEncoding("utf8").on("data", take);
      child.stderr?.setEncoding("utf8").on("data", take);
      child.stdin?.end(input);
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) {
          resolve({ output, seconds: (Date.now() - start) / 1_000 });
        } else {
          reject(new PulumiError(command, code, output));
        }
      });
    });
  }
}
