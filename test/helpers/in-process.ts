// The provider's methods in this process, as a stack calls them; and an engine that is killed while one of them works: it
// is carried out, and nobody hears of it.
import { open, type Methods } from "../../provider";
import { UnconfirmedError } from "../../provider/errors";
import { canonicalJson } from "../../provider/model/canonical";
import type { Person } from "../../sandbox/testing";
import type { TestRoom } from "./clean-room";
import { InitFailed, type Kind, type Properties } from "./provider-process";
import type { Kinds } from "./stack";

/** The engine is gone: no failure of ours. */
export class EngineKilled extends Error {}

export class InProcess implements Kinds {
  #dies = false;

  constructor(private readonly methods: (kind: string) => Methods) {}

  /** The engine is killed during the next creation, update or deletion. */
  die(): void {
    this.#dies = true;
  }

  kind(name: string): Kind {
    const methods = this.methods(name);
    return {
      check: async (news, olds = {}) =>
        (await methods.check(sent(olds), sent(news))).failures.map(({ reason }) => reason),
      diff: async (id, state, news) => {
        const { changes, replaces = [] } = await methods.diff(id, sent(state), sent(news));
        return { changes, replaces };
      },
      create: (news) =>
        this.#unlessKilled(async () => {
          const { id, outs } = await methods.create(sent(news)).catch(initFailed);
          return { id, state: outs };
        }),
      update: (id, state, news) =>
        this.#unlessKilled(async () => (await methods.update(id, sent(state), sent(news))).outs),
      read: async (id, state) => {
        const { id: found, props, inputs = {} } = await methods.read(id, sent(state));
        return found === "" ? undefined : { state: props, inputs };
      },
      delete: (id, state) => this.#unlessKilled(() => methods.delete(id, sent(state))),
    };
  }

  async #unlessKilled<T>(work: () => Promise<T>): Promise<T> {
    const dies = this.#dies;
    this.#dies = false;
    try {
      const result = await work();
      if (!dies) return result;
    } catch (error) {
      if (!dies) throw error;
    }
    throw new EngineKilled();
  }
}

/** As properties arrive over gRPC: plain JSON, its keys in order. */
function sent(properties: Properties): Properties {
  return JSON.parse(canonicalJson(properties)) as Properties;
}

let fresh = 0;

/** As a new provider process of the collaborator's: one that has read and asked nothing yet. This process must trust the services. */
export async function newInProcess(
  room: Pick<TestRoom, "config">,
  who: Person,
  change: Readonly<Record<string, string>> = {},
): Promise<InProcess> {
  // A token is given, so its scope is asked for nowhere: it only makes the settings others.
  const settings = await room.config(who, { scope: `run-${(fresh += 1)}`, ...change });
  const config = { get: (key: string): string | undefined => settings[key] };
  return new InProcess((kind) => open(kind, config));
}

function initFailed(error: unknown): never {
  throw error instanceof UnconfirmedError ? new InitFailed(error.message, error.id, { ...error.properties }) : error;
}
