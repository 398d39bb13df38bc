// A clean room with real services, its three collaborators each with a provider process of their own, and a record of
// every request that reached a service.
import * as tls from "node:tls";
import type { UserDocument } from "../../contract";
import { Faults } from "../../sandbox/faults";
import type { Gate } from "../../sandbox/http";
import { startTestServices, type Person, type Reply, type TestServices } from "../../sandbox/testing";
import { collaboration, collaborator, contractId } from "../../sandbox/world";
import { startProviderProcess, type ProviderProcess } from "./provider-process";

export interface TestRoom {
  readonly services: TestServices;
  /** `<service> <method> <path>` of each request, in order. */
  readonly requests: readonly string[];
  /** Forgets the requests so far; answers those that wrote. */
  writes(): readonly string[];
  /** Stack configuration with which the collaborator's provider talks to these services. */
  config(who: Person, change?: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>>;
  /** The collaborator's provider process; one a collaborator, unless settings are changed. */
  provider(who: Person, change?: Readonly<Record<string, string | undefined>>): Promise<ProviderProcess>;
  /** Governance, asked by somebody directly. */
  govern(who: Person, method: string, path: string, body?: unknown): Promise<Reply>;
  document(id: string): Promise<UserDocument>;
  /** The fault switch. A fault that dies ends the services; they are back with `restart`. */
  readonly faults: Faults;
  /** A provider process of the collaborator's that nobody else uses; whoever starts it ends it. */
  ownProvider(who: Person, change?: Readonly<Record<string, string | undefined>>): Promise<ProviderProcess>;
  /** Ends the services as `kill -9` would, and starts them again on what they have written. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export const oid = (who: Person): string => collaborator(who).userOid;

export interface RoomOptions {
  /** Begins without an accepted clean room policy. */
  readonly withoutPolicy?: boolean;
  /** Stands before every request of every service, after it was recorded: to make some fail. */
  readonly gate?: Gate;
  /** Of the fault switch. */
  readonly seed?: number;
  /** Told when a fault has ended the services. */
  readonly onDeath?: () => void;
}

export async function startTestRoom(options: RoomOptions = {}): Promise<TestRoom> {
  const { seed, withoutPolicy, onDeath } = options;
  const requests: string[] = [];
  let ending: Promise<void> | undefined;
  const faults = new Faults({
    seed,
    onDie: () => {
      if (ending !== undefined) return;
      ending = services.close(true);
      onDeath?.();
    },
  });
  const running = {
    withoutPolicy,
    faults,
    gate: (call, next) => {
      requests.push(`${call.service} ${call.method} ${call.target.split("?")[0] ?? ""}`);
      return options.gate === undefined ? next() : options.gate(call, next);
    },
  } satisfies Parameters<typeof startTestServices>[0];
  let services = await startTestServices(running);
  const processes = new Map<string, Promise<ProviderProcess>>();
  const config: TestRoom["config"] = async (who, change = {}) => {
    const all: Record<string, string | undefined> = {
      frontendUrl: services.frontendUrl,
      governanceUrl: services.governance.url,
      collaborationId: collaboration.id,
      contractId,
      token: await services.token(who),
      ...change,
    };
    const set = Object.entries(all).flatMap(([key, value]) =>
      value === undefined ? [] : [[`cleanroom:${key}`, value] as const],
    );
    return Object.fromEntries(set);
  };
  const govern: TestRoom["govern"] = async (who, method, path, body) =>
    services.call(method, `${services.governance.url}${path}`, { token: await services.token(who), body });
  return {
    get services() {
      return services;
    },
    requests,
    faults,
    ownProvider: start,
    restart: async () => {
      await (ending ??= services.close(true));
      services = await startTestServices(running, services.home.dir);
      ending = undefined;
    },
    writes: () =>
      requests.splice(0).filter((request) => !request.includes(" GET ") && !request.includes("checkstatus")),
    config,
    provider: (who, change) => {
      const key = JSON.stringify([who, Object.entries(change ?? {}).map(([name, value]) => [name, value ?? null])]);
      const known = processes.get(key) ?? start(who, change);
      processes.set(key, known);
      return known;
    },
    govern,
    document: async (id) => (await govern("litware", "GET", `/userdocuments/${id}`)).body as UserDocument,
    end: async () => {
      await Promise.all([...processes.values()].map(async (each) => (await each).end()));
      await services.end();
    },
  };

  async function start(who: Person, change?: Readonly<Record<string, string | undefined>>): Promise<ProviderProcess> {
    return startProviderProcess(await config(who, change), { NODE_EXTRA_CA_CERTS: services.home.path("ca.pem") });
  }
}

/** Lets this process trust the services' certificates, as NODE_EXTRA_CA_CERTS lets a new one. */
export function trust({ services }: TestRoom): void {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), services.tls.ca]);
}
