// Who carries operations out, through a lane and directly, and what governance and vault really hold afterwards.
import type { UserDocument } from "../../../contract";
import { open, sources, type Methods, type Sources } from "../../../provider";
import type { Person } from "../../../sandbox/testing";
import { cleanRoomHostData, collaborator } from "../../../sandbox/world";
import type { TestRoom } from "../../helpers/clean-room";
import type { Properties } from "../../helpers/provider-process";
import type { TestHsm } from "../../helpers/hsm";
import type { TestVault } from "../../helpers/vault";
import type { Lane } from "../between";

/** One who works in a lane; `truly` speaks to the services directly. */
export interface Worker {
  /** The lane it works in now. */
  lane(): Lane;
  /** Moves to a lane of its own with clients that have heard nothing yet, of a pause for one; settings may be other ones. */
  renew(change?: Readonly<Record<string, string>>): Promise<void>;
  methods(who: Person, kind: string): Methods;
  truly(who: Person, kind: string): Methods;
  sources(who: Person): Sources;
  /** A name that nobody else has. */
  fresh(): string;
  /** What a worker makes once and uses often. */
  once<T>(what: string, make: () => Promise<T>): Promise<T>;
}

export interface Operation {
  readonly name: string;
  /** Whether its service is asked by one client for the whole process: a pause of an hour would be kept by all. */
  readonly sharesClient?: boolean;
  /** Whether it believes a single look: a lie that is well formed can't be seen through then. */
  readonly looksOnce?: boolean;
  /** Whatever is needed first; answers the operation itself and the check of its success. Rejects where the claim is wrong. */
  prepare(
    worker: Worker,
    ledger: Ledger,
  ): Promise<{
    readonly names: string;
    readonly run: () => Promise<unknown>;
    readonly holds: (result: unknown) => Promise<void>;
  }>;
}

/** What governance really holds. */
export interface Ledger {
  document(id: string): Promise<UserDocument | undefined>;
  consent(id: string): Promise<string>;
  secret(id: string): string;
  /** Contosso's, as it was registered last. */
  tenantIssuer(): string;
  /** What governance signs tokens with, its public half. */
  signingKey(): Record<string, unknown>;
  readonly vault: TestVault;
  readonly hsm: TestHsm;
}

export function ledgerOf(room: TestRoom, vault: TestVault, hsm: TestHsm): Ledger {
  return {
    vault,
    hsm,
    document: async (id) => {
      const { status, body } = await room.govern("litware", "GET", `/userdocuments/${id}`);
      return status === 404 ? undefined : (body as UserDocument);
    },
    consent: async (id) => {
      const { body } = await room.govern("litware", "POST", `/userdocuments/${id}/checkstatus/execution`);
      return (body as { status: string }).status;
    },
    secret: (id) =>
      Buffer.from(room.services.governance.readSecretAsCleanRoom(id, cleanRoomHostData), "base64").toString("utf8"),
    tenantIssuer: () => room.services.governance.tenantIssuer(collaborator("contosso").tenantId),
    signingKey: () => ({ ...room.services.governance.jwk() }),
  };
}

let names = 0;

interface Config {
  get(key: string): string | undefined;
}
type Configs = Readonly<Record<Person, Config>>;

const PEOPLE = ["contosso", "litware", "fabrikam"] as const;

async function configsOf(room: TestRoom, change = {}): Promise<Configs> {
  const of = async (who: Person): Promise<readonly [Person, Config]> => {
    const config = await room.config(who, change);
    return [who, { get: (key) => config[key] }];
  };
  return Object.fromEntries(await Promise.all(PEOPLE.map(of))) as Configs;
}

export async function workerOf(room: TestRoom, newLane: () => Lane): Promise<Worker> {
  const direct = await configsOf(room);
  const kept = new Map<string, Promise<unknown>>();
  let lane: Lane;
  let through: Configs;
  const renew: Worker["renew"] = async (change) => {
    lane = newLane();
    const { frontendUrl, governanceUrl } = lane.urls;
    through = await configsOf(room, { frontendUrl, governanceUrl, ...change });
  };
  await renew();
  return {
    lane: () => lane,
    renew,
    methods: (who, kind) => open(kind, through[who]),
    truly: (who, kind) => open(kind, direct[who]),
    sources: (who) => sources("cleanroom", (key) => through[who].get(key), {}),
    fresh: () => `name-${(names += 1)}`,
    once: <T>(what: string, make: () => Promise<T>) => {
      const known = (kept.get(what) as Promise<T> | undefined) ?? make();
      kept.set(what, known);
      return known;
    },
  };
}

export interface Made {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
}

export async function made(methods: Methods, inputs: Properties): Promise<Made> {
  const { id, outs } = await methods.create(inputs);
  return { id, state: outs, inputs };
}

export function requires(condition: boolean, claim: string): void {
  if (!condition) throw new Error(`the ledger does not hold it: ${claim}`);
}
