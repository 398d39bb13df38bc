// A program under the real engine, which can be killed in the middle: one stack a name, in a folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Collaborator } from "../../demo/pulumi";
import { searchPath } from "../../sandbox/env";
import type { TestRoom } from "../helpers/clean-room";

const CACHE = join(__dirname, "..", "..", ".cache");

export class Engine {
  readonly #folder: string;
  readonly #project: string;

  constructor(private readonly room: TestRoom) {
    // As deep below this project as the program itself, whose imports it copies: the engine keeps what it knows of a
    // stack beside the program.
    mkdirSync(CACHE, { recursive: true });
    this.#folder = mkdtempSync(join(CACHE, "engine-killed-"));
    this.#project = join(this.#folder, "program");
    cpSync(join(__dirname, "engine-project"), this.#project, { recursive: true });
    mkdirSync(join(this.#folder, "state"));
  }

  async stack(name: string): Promise<EngineStack> {
    const settings = await this.room.config("contosso");
    const env = {
      PATH: searchPath(process.env),
      NODE_EXTRA_CA_CERTS: this.room.services.home.path("ca.pem"),
      PULUMI_BACKEND_URL: `file://${join(this.#folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      CLEANROOM_FRONTEND_URL: settings["cleanroom:frontendUrl"] ?? "",
      CLEANROOM_GOVERNANCE_URL: settings["cleanroom:governanceUrl"] ?? "",
      CLEANROOM_COLLABORATION_ID: settings["cleanroom:collaborationId"] ?? "",
      CLEANROOM_TOKEN: settings["cleanroom:token"] ?? "",
    };
    const stack = new EngineStack(this.#project, new Collaborator(name, env, this.#project));
    await stack.run("stack", "init", name, "--no-select");
    return stack;
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class EngineStack {
  constructor(
    private readonly project: string,
    private readonly collaborator: Collaborator,
  ) {}

  /** What it printed. @throws PulumiError */
  async run(...args: string[]): Promise<string> {
    return (await this.collaborator.run(args)).output;
  }

  /** An operation on this stack. */
  of(...args: string[]): Promise<string> {
    return this.run(...args, "--stack", this.collaborator.name);
  }

  up(...args: string[]): Promise<string> {
    return this.of("up", "--yes", "--skip-preview", ...args);
  }

  /** Begins an `up` that somebody is going to kill. */
  begin(): { readonly engine: ChildProcess; readonly ended: Promise<NodeJS.Signals | null> } {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", this.collaborator.name];
    const env = { ...process.env, ...this.collaborator.env };
    const engine = spawn("pulumi", args, { cwd: this.project, env, stdio: "ignore" });
    return { engine, ended: new Promise((resolve) => engine.once("exit", (_code, signal) => resolve(signal))) };
  }
}

/** Ids of the dynamic provider's processes among the children, and theirs, of a process. */
export function providersOf(pid: number): readonly number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    // The program's name may hold anything, so the parent is counted from its end.
    const parent = Number(/\) \S (\d+)/.exec(readOf(name, "stat").split("\n")[0] ?? "")?.[1] ?? 0);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const below = (id: number): number[] => (parents.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid).filter((id) => readOf(String(id), "cmdline").includes("dynamic-provider"));
}

export const isAlive = (pid: number): boolean => readOf(String(pid), "cmdline") !== "";

/** Empty when the process has ended meanwhile. */
function readOf(pid: string, file: string): string {
  try {
    return readFileSync(join("/proc", pid, file), "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
