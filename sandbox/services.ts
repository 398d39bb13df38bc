// The sandbox's own services: sign-in, governance and frontend, with the context that clouds and data planes build on.
import type { SandboxContext, Tls } from "./context";
import { startFrontend } from "./frontend";
import { Faults } from "./faults";
import { type RunningGovernance, startGovernance } from "./governance";
import type { Home } from "./home";
import type { Gate } from "./http";
import { openRequestLog } from "./request-log";
import { type RunningSignIn, startSignIn } from "./signin";
import { openTls } from "./tls";
import { world } from "./world";

export interface ServicesOptions {
  /** The folder of all state. */
  readonly home: Home;
  /** @default those in the folder */
  readonly tls?: Tls;
  /** A new ledger begins without an accepted clean room policy. @default false */
  readonly withoutPolicy?: boolean;
  /** Stands before every request of every service, and before the faults. */
  readonly gate?: Gate;
  /** The fault switch; nothing is set at the start. @default one without a way to die */
  readonly faults?: Faults;
  readonly clock?: () => Date;
  /** How late roles, keys, credentials and deleted names take effect in the clouds. @default 0 */
  readonly eventualSeconds?: number;
  /** Folder of the Pulumi project whose programs' commands are run. @default this project's root */
  readonly project?: string;
  readonly log?: (message: string) => void;
}

export interface Services {
  readonly home: Home;
  readonly tls: Tls;
  readonly signIn: RunningSignIn;
  readonly governance: RunningGovernance;
  readonly frontendUrl: string;
  readonly context: SandboxContext;
  readonly faults: Faults;
  /** Waits for requests under way. `abruptly`: breaks them off, as the end of the process would. */
  close(abruptly?: boolean): Promise<void>;
}

export async function startServices(options: ServicesOptions): Promise<Services> {
  const { home, clock = () => new Date(), log = () => undefined, withoutPolicy } = options;
  const { project, eventualSeconds } = options;
  const tls = options.tls ?? (await openTls(home.dir));
  const requests = openRequestLog(home.path("requests.jsonl"), clock);
  const faults = options.faults ?? new Faults({ clock });
  const gate = inOrder(options.gate, requests.gate, faults.gate);
  const { writeGate } = faults;
  const started: { close(abruptly?: boolean): Promise<void> }[] = [];
  const close = async (abruptly = false): Promise<void> => {
    for (const each of started.splice(0).reverse()) await each.close(abruptly);
    await requests.close();
  };
  try {
    const signIn = await startSignIn({ home, tls, gate, clock, log });
    started.push(signIn);
    const governance = await startGovernance({ home, tls, signIn, gate, writeGate, clock, withoutPolicy, log });
    started.push(governance);
    const frontend = await startFrontend({ home, tls, signIn, governance, gate, log });
    started.push(frontend);
    const own = { dir: home.dir, world, tls, ports: home, signIn, governance };
    const context: SandboxContext = { ...own, clock, eventualSeconds, project, gate, log };
    return { home, tls, signIn, governance, frontendUrl: frontend.url, context, faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The first is the outermost. */
function inOrder(...gates: readonly (Gate | undefined)[]): Gate {
  return gates
    .filter((each) => each !== undefined)
    .reduceRight((inner, outer) => (call, next) => outer(call, () => inner(call, next)));
}
