/**
 * The real CLI, with the language host as it stands in engine/, on a copy of host-project/ below this project, so that the
 * program finds its packages. State and passphrase are the copy's own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";

const ROOT = path.resolve(__dirname, "../..");
const HOST = path.join(ROOT, "engine", "language-host", "main.js");
const DYNAMIC_PROVIDER = path.join(ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the output, either stream, has shown `text`. */
  said(text: string): Promise<void>;
}

export class HostProject {
  readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor() {
    const cache = path.join(ROOT, ".cache");
    mkdirSync(cache, { recursive: true });
    this.folder = mkdtempSync(path.join(cache, "host-"));
    cpSync(path.join(__dirname, "host-project"), this.folder, { recursive: true });
    const bin = this.file("bin");
    mkdirSync(bin);
    mkdirSync(this.file("state"));
    launcher(path.join(bin, "pulumi-language-nodejs"), HOST);
    launcher(path.join(bin, "pulumi-resource-pulumi-nodejs"), DYNAMIC_PROVIDER);
    this.env = {
      ...process.env,
      PATH: `${bin}:${path.join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${this.file("state")}`,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    for (const name of ["PULUMI_DEBUG_PROVIDERS", "PULUMI_OPTION_CONFIG_FILE"]) {
      delete this.env[name];
    }
  }

  file(...names: string[]): string {
    return path.join(this.folder, ...names);
  }

  /** Makes a stack with this plain configuration. */
  async stack(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    await this.succeed(["stack", "init", name]);
    this.set(name, config);
  }

  /** Adds to a stack's configuration; a key may be set once more. */
  set(stack: string, config: Readonly<Record<string, string>>): void {
    const file = this.file("program", `Pulumi.${stack}.yaml`);
    const settings = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
    const added = Object.fromEntries(Object.entries(config).map(([key, value]) => [`host-trial:${key}`, value]));
    writeFileSync(file, stringify({ ...settings, config: { ...settings.config, ...added } }));
  }

  start(args: readonly string[]): Running {
    const child = spawn(cli(), [...args, "--non-interactive", "--color", "never"], {
      cwd: this.file("program"),
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => (stdout += String(data)));
    child.stderr.on("data", (data) => (stderr += String(data)));
    return {
      child,
      ended: new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
      }),
      said: (text) =>
        new Promise((resolve) => {
          const look = (): void => {
            if (stdout.includes(text) || stderr.includes(text)) {
              resolve();
            }
          };
          look();
          child.stdout.on("data", look);
          child.stderr.on("data", look);
        }),
    };
  }

  run(args: readonly string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** @throws with the output when the CLI does not end well */
  async succeed(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) {
      throw new Error(`\`pulumi ${args.join(" ")}\` ended with ${code}:\n${stdout}\n${stderr}`);
    }
    return stdout;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function launcher(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\nexec node "${script}" "$@"\n`, { mode: 0o755 });
}

/** The CLI that `npm test` put on PATH, or the one in Pulumi's home; never npm's stand-in, which would download one. */
function cli(): string {
  const home = process.env.PULUMI_HOME ?? path.join(homedir(), ".pulumi");
  const folders = [
    ...(process.env.PATH ?? "").split(path.delimiter).filter((folder) => !folder.endsWith("node_modules/.bin")),
    path.join(home, "versions", "3.259.0", "bin"),
  ];
  const found = folders.map((folder) => path.join(folder, "pulumi")).find(isExecutable);
  if (!found) {
    throw new Error("There is no Pulumi CLI: run `npm run engine` once, it gets it.");
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
