// A program of a test's own, run by the real engine in a collaborator's stack against a sandbox.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Collaborator } from "../../demo/pulumi";
import { collaboratorEnv, startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox";
import { TestProvider } from "../../sandbox/clouds/testing";
import type { Person } from "../../sandbox/testing";

export interface ProgramStack {
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the CLI with SCENARIO; answers what it printed. */
  run(scenario: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  up(scenario: string): Promise<string>;
  /** `<op> <type> <name>` of each step that is not `same`, and the whole text of what was said. */
  preview(scenario: string): Promise<{ readonly steps: readonly string[]; readonly said: string }>;
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** The cloud's provider, asked as by somebody else. */
  provider(name: string): TestProvider;
  end(): Promise<void>;
}

/** @param project folder of the program */
export async function startProgramStack(
  project: string,
  who: Person,
  options: Omit<SandboxOptions, "dir" | "project"> = {},
): Promise<ProgramStack> {
  const dir = mkdtempSync(join(tmpdir(), "cleanroom-program-"));
  const sandbox = await startSandbox({ ...options, dir, project });
  const env = await collaboratorEnv(dir, who);
  const clients: ResourceProviderClient[] = [];
  const stack = ["--stack", who];
  const run: ProgramStack["run"] = async (scenario, args, more = {}) =>
    (await new Collaborator(who, { ...env, ...more, SCENARIO: scenario }, project).run([...args, ...stack])).output;
  return {
    sandbox,
    env,
    run,
    up: (scenario) => run(scenario, ["up", "--yes", "--skip-preview"]),
    preview: async (scenario) => {
      const output = await run(scenario, ["preview", "--json"]);
      const { steps, diagnostics = [] } = JSON.parse(output.slice(output.indexOf("{"))) as {
        steps: readonly { op: string; urn: string }[];
        diagnostics?: readonly { message: string }[];
      };
      return {
        steps: steps
          .filter(({ op }) => op !== "same")
          .map(
            ({ op, urn }) => `${op} ${(urn.split("::")[2] ?? "").split("$").at(-1) ?? ""} ${urn.split("::")[3] ?? ""}`,
          ),
        said: diagnostics.map(({ message }) => message).join("\n"),
      };
    },
    outputs: () => new Collaborator(who, env, project).outputs(),
    provider: (name) => {
      const port = new RegExp(`(?:^|,)${name}:(\\d+)`).exec(env.PULUMI_DEBUG_PROVIDERS ?? "")?.[1] ?? "";
      const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
      clients.push(client);
      return new TestProvider(client);
    },
    end: async () => {
      clients.forEach((client) => client.close());
      await sandbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
