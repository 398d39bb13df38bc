// A release's recorded states: where they are, and a sandbox that holds what they were recorded against, on the very
// ports that stand in them.
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Collaborator } from "../../demo/pulumi";
import { AlreadyRunning, collaboratorEnv, startSandbox, type Sandbox } from "../../sandbox";

export const STATES = join(__dirname, "..", "states");
export const NAMES = ["contosso", "litware", "fabrikam"] as const;
export type Name = (typeof NAMES)[number];

/** Folders of the recorded releases, by version. */
export const releases: readonly string[] = readdirSync(STATES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

/** Addresses are part of what was published, so the ports are the recorded ones: whoever has them is waited for. */
const PORTS_WITHIN = 3 * 60_000;

export interface Recorded {
  readonly sandbox: Sandbox;
  readonly stacks: Readonly<Record<Name, Collaborator>>;
}

/** Starts a sandbox in `dir` with what the release left behind, and stacks with the states that it wrote. */
export async function openRecorded(release: string, dir: string): Promise<Recorded> {
  const folder = join(STATES, release);
  cpSync(join(folder, "sandbox"), dir, { recursive: true });
  const project = join(folder, "program");
  const sandbox = await started(project, dir);
  const open = async (name: Name): Promise<Collaborator> => {
    const stack = new Collaborator(name, await collaboratorEnv(dir, name), project);
    await stack.run(["stack", "import", "--stack", name, "--file", join(folder, `${name}.json`)]);
    return stack;
  };
  const [contosso, litware, fabrikam] = await Promise.all(NAMES.map(open));
  if (contosso === undefined || litware === undefined || fabrikam === undefined) throw new Error("unreachable");
  return { sandbox, stacks: { contosso, litware, fabrikam } };
}

async function started(project: string, dir: string): Promise<Sandbox> {
  for (const until = Date.now() + PORTS_WITHIN; ; await sleep(1_000)) {
    try {
      return await startSandbox({ dir, project });
    } catch (error) {
      const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
      const taken = error instanceof AlreadyRunning || code === "EADDRINUSE";
      if (!taken || Date.now() > until) throw error;
    }
  }
}

/** Whether the folder holds a whole recording. */
export function isRecorded(release: string): boolean {
  return NAMES.every((name) => existsSync(join(STATES, release, `${name}.json`)));
}
