// The sandbox's clouds: what Azure, AWS, Entra and the command provider hold for the three collaborators, behind the
// provider protocol that the Pulumi engine speaks, so that the same programs run against them and the real ones.
import type { SandboxContext } from "../context";
import { Lag } from "./lag";
import { aws } from "./aws";
import { type Control, control } from "./control";
import { packages } from "./packages";
import { Locks, type ServedProvider, serve } from "./protocol";
import { CloudState } from "./state";

export type { Control } from "./control";
export type * from "./facts";
export type { CloudHooks, KeyFacts, KeyRequest, SecretFacts, SecretRequest } from "./hooks";
export { CloudState } from "./state";

export interface Clouds {
  readonly state: CloudState;
  /** Variables by which the collaborator's engine attaches to its own clouds. */
  env(collaboratorName: string): Record<string, string>;
  /** AWS of a collaborator, by the door that its own clients come in by. */
  iam(collaboratorName: string): Control;
  /** Says what a collaborator's shell has set: commands run with it, as they would on that collaborator's machine. */
  useEnvironment(environment: (collaboratorName: string) => Promise<Readonly<Record<string, string>>>): void;
  close(): Promise<void>;
}

export async function startClouds(ctx: SandboxContext): Promise<Clouds> {
  const lag = new Lag((ctx.eventualSeconds ?? 0) * 1000, ctx.clock);
  const state = await CloudState.open(`${ctx.dir}/clouds.jsonl`, lag);
  const [locks, busy] = [new Locks(), new Set<string>()];
  const served: ServedProvider[] = [];
  const attachments = new Map<string, string>();
  const controls = new Map<string, Control>();
  let environment: Parameters<Clouds["useEnvironment"]>[0] = () => Promise.resolve({});
  const close = async (): Promise<void> => {
    await Promise.all(served.splice(0).map((each) => each.close()));
    await state.close();
  };
  try {
    for (const collaborator of ctx.world.collaborators) {
      const { name } = collaborator;
      const own = { collaborator, state, clock: ctx.clock, project: ctx.project };
      const cloud = { ...own, busy, environment: () => environment(name) };
      controls.set(name, control(aws, cloud, locks));
      const ports: string[] = [];
      for (const each of packages) {
        const port = await ctx.ports.get(`${each.name}:${name}`);
        served.push(await serve(each, cloud, locks, port));
        ports.push(`${each.name}:${port}`);
      }
      attachments.set(name, ports.join(","));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    state,
    env: (name) => ({
      PULUMI_DEBUG_PROVIDERS: attachments.get(ctx.world.collaborator(name).name) ?? "",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    }),
    iam: (name) => {
      const found = controls.get(ctx.world.collaborator(name).name);
      if (found === undefined) throw new Error(`the clouds have nothing of ${name}`);
      return found;
    },
    useEnvironment: (given) => {
      environment = given;
    },
    close,
  };
}
