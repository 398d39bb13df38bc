// The sandbox's own services: sign-in, governance and frontend, with the context that clouds and data planes build on.
import type { SandboxContext, Tls } from "./context";
import { startFrontend } from "./frontend";
import { type RunningGovernance, startGovernance } from "./governance";
import type { Home } from "./home";
import type { Call, Gate } from "./http";
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
  /** Stands before every request of every service: to make some fail. */
  readonly gate?: Gate;
  readonly clock?: () => Date;
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
  close(): Promise<void>;
}

export async function startServices(options: ServicesOptions): Promise<Services> {
  const { home, clock = () => new Date(), log = () => undefined, withoutPolicy, project } = options;
  const tls = options.tls ?? (await openTls(home.dir));
  const requests = openRequestLog(home.path("requests.jsonl"), clock);
  const gate = both(options.gate, requests.gate);
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const each of started.reverse()) await each.close();
    await requests.close();
  };
  try {
    const signIn = await startSignIn({ home, tls, gate, clock, log });
    started.push(signIn);
    const governance = await startGovernance({ home, tls, signIn, gate, clock, withoutPolicy, log });
    started.push(governance);
    const frontend = await startFrontend({ home, tls, signIn, governance, gate, log });
    started.push(frontend);
    const own = { dir: home.dir, world, tls, ports: home, signIn, governance };
    const context: SandboxContext = { ...own, clock, project, gate, log };
    return { home, tls, signIn, governance, frontendUrl: frontend.url, context, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function both(outer: Gate | undefined, inner: Gate): Gate {
  if (outer === undefined) return inner;
  return (call: Call, next) =>
    outer(call, async () => {
      const answer = await inner(call, next);
      // The request log never cuts: only the outer gate does.
      return answer as Exclude<typeof answer, "cut">;
    });
}
