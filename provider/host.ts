// Runs a handler for the dynamic provider: what goes in and out of the engine's state is put right here, once.
import type { Difference, Handler } from "./handler";
import { messageOf } from "./errors";
import { canonicalJson } from "./model/canonical";
import { isKnown } from "./model/unknown";
import { cleanRoomOf, type CleanRoom } from "./services/clean-room";
import { readSettings } from "./settings";

export type Properties = Record<string, unknown>;

/** Looks up a whole configuration key, such as `cleanroom:token`. */
export type ConfigLookup = (key: string) => string | undefined;

/** The input by which a resource says which configuration namespace its collaboration has. */
const NAMESPACE = "collaboration";
const DEFAULT_NAMESPACE = "cleanroom";

/** One kind's methods as the engine's dynamic provider calls them. */
export class Host {
  constructor(
    private readonly handler: Handler<Properties, Properties>,
    private readonly config: ConfigLookup,
  ) {}

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
    const inputs = this.#inputsOf(news);
    const before = Object.keys(olds).length === 0 ? undefined : this.#inputsOf(olds);
    try {
      const problems = await this.handler.check(this.#room(inputs), inputs, before);
      return { inputs, failures: problems.map(failure) };
    } catch (error) {
      return { inputs, failures: [failure(messageOf(error))] };
    }
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<Difference> {
    const state = clean(olds);
    const inputs = this.#inputsOf(news);
    const changed = this.handler.inputs.filter((key) => differs(key, state, inputs));
    if (changed.length === 0) {
      return { changes: await this.handler.isPending(this.#room(inputs), id, state) };
    }
    if (isKnown(inputs)) {
      await this.handler.checkChange?.(this.#room(inputs), id, state, inputs);
      if (!changed.includes(NAMESPACE) && this.handler.isSameObject?.(state, inputs) === true) {
        return { changes: true };
      }
    }
    return { changes: true, replaces: changed.filter((key) => this.handler.replaceOn?.includes(key) === true) };
  }

  async create(news: Properties): Promise<{ id: string; outs: Properties }> {
    const inputs = this.#inputsOf(news);
    const { id, state } = await this.handler.create(this.#room(inputs), inputs);
    return { id, outs: clean({ ...inputs, ...state }) };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
    const inputs = this.#inputsOf(news);
    const state = await this.handler.update(this.#room(inputs), id, clean(olds), inputs);
    return { outs: clean({ ...inputs, ...state }) };
  }

  async read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }> {
    const inputs = this.#inputsOf(props);
    const state = await this.handler.read(this.#room(inputs), id, clean(props));
    return state === undefined ? { id: "", props: {} } : { id, props: clean({ ...inputs, ...state }), inputs };
  }

  async delete(id: string, props: Properties): Promise<void> {
    await this.handler.delete(this.#room(props), id, clean(props));
  }

  #inputsOf(properties: Properties): Properties {
    const known = this.handler.inputs.filter((key) => properties[key] !== undefined);
    return clean(Object.fromEntries(known.map((key) => [key, properties[key]])));
  }

  #room(properties: Properties): CleanRoom {
    const given = properties[NAMESPACE];
    const namespace = typeof given === "string" && isKnown(given) ? given : DEFAULT_NAMESPACE;
    return cleanRoomOf(readSettings(namespace, this.config, process.env));
  }
}

/** Whether an input changed. A collaboration that is left out is the default one, so naming it changes nothing. */
function differs(key: string, olds: Properties, news: Properties): boolean {
  const byDefault = key === NAMESPACE ? DEFAULT_NAMESPACE : undefined;
  return canonicalJson(olds[key] ?? byDefault) !== canonicalJson(news[key] ?? byDefault);
}

interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Named without a property: the engine would print the property's value beside it, secret or not. */
function failure(reason: string): Failure {
  return { property: "", reason };
}

/** Plain JSON, without the engine's own fields: anything else would throw after the service has committed. */
function clean(properties: Properties): Properties {
  const own = JSON.parse(JSON.stringify(properties)) as Properties;
  delete own.__provider;
  return own;
}
