// Runs a handler for the dynamic provider: what goes in and out of the engine's state is put right here, once.
import { messageOf, UnconfirmedError } from "./errors";
import type { Difference, Handler } from "./handler";
import { canonicalJson } from "./model/canonical";
import { isKnown } from "./model/unknown";
import { operate, Operation } from "./operation";
import { cleanRoomOf, type CleanRoom } from "./services/clean-room";
import { readSettings } from "./settings";

export type Properties = Record<string, unknown>;

/** Looks up a whole configuration key, such as `cleanroom:token`. */
export type ConfigLookup = (key: string) => string | undefined;

/** The input by which a resource says which configuration namespace its collaboration has. */
const NAMESPACE = "collaboration";
const DEFAULT_NAMESPACE = "cleanroom";
/** Where the SDK keeps a dynamic provider's text: without it the engine could never call the provider again. */
const PROVIDER = "__provider";
/** `status` of what may be there, though its creation broke off: the next run looks, and goes on. */
const UNCONFIRMED = "unconfirmed";
/** Longest error message, in characters: the engine gets it as a header, which has a limit. */
const LONGEST_MESSAGE = 8_000;
/** Most characters of properties that an error can carry to the engine, for the same reason. */
const LARGEST_PROPERTIES = 24_000;

/** One kind's methods as the engine's dynamic provider calls them. */
export class Host {
  constructor(
    private readonly kind: string,
    private readonly handler: Handler<Properties, Properties>,
    private readonly config: ConfigLookup,
  ) {}

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
    const inputs = this.#inputsOf(news);
    const before = Object.keys(olds).length === 0 ? undefined : this.#inputsOf(olds);
    try {
      const problems = this.handler.check(inputs, before);
      if (problems.length === 0 && before === undefined) {
        await this.#operate("check", inputs, (room) => this.#foresee(room, inputs));
      }
      return { inputs, failures: problems.map(failure) };
    } catch (error) {
      return { inputs, failures: [failure(messageOf(error))] };
    }
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<Difference> {
    const state = clean(olds);
    const inputs = this.#inputsOf(news);
    const changed = this.handler.inputs.filter((key) => differs(key, state, inputs));
    return this.#operate("diff", inputs, async (room) => {
      if (changed.length === 0) {
        return { changes: isUnconfirmed(state) || (await this.handler.isPending(room, id, state)) };
      }
      if (isKnown(inputs)) {
        await this.#foresee(room, inputs, isUnconfirmed(state) ? undefined : { id, state });
        if (!changed.includes(NAMESPACE) && this.handler.isSameObject?.(id, inputs) === true) {
          return { changes: true };
        }
      }
      return { changes: true, replaces: changed.filter((key) => this.handler.replaceOn?.includes(key) === true) };
    });
  }

  async create(news: Properties): Promise<{ id: string; outs: Properties }> {
    const inputs = this.#inputsOf(news);
    return this.#operate("create", inputs, async (room, operation) => {
      try {
        const { id, state } = await this.handler.create(room, inputs);
        return { id, outs: clean({ ...inputs, ...state }) };
      } catch (error) {
        throw operation.mayHaveWritten ? await this.#unconfirmed(room, news, inputs, error) : error;
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
    const inputs = this.#inputsOf(news);
    const state = clean(olds);
    return this.#operate("update", inputs, async (room) => {
      const now = isUnconfirmed(state)
        ? (await this.handler.create(room, inputs)).state
        : await this.handler.update(room, id, state, inputs);
      return { outs: clean({ ...inputs, ...now }) };
    });
  }

  async read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }> {
    const inputs = this.#inputsOf(props);
    return this.#operate("read", inputs, async (room) => {
      const now = await this.handler.read(room, id, clean(props));
      if (now === undefined) {
        return { id: "", props: {} };
      }
      // The engine forgets on a refresh that a creation broke off: the state itself says so.
      const { status, reason } = props;
      const broken = isUnconfirmed(props) ? { status, reason } : {};
      return { id, props: clean({ ...inputs, ...now, ...broken }), inputs };
    });
  }

  async delete(id: string, props: Properties): Promise<void> {
    await this.#operate("delete", props, (room) => this.handler.delete(room, id, clean(props)));
  }

  async #foresee(room: CleanRoom, inputs: Properties, known?: { id: string; state: Properties }): Promise<void> {
    if (this.handler.elsewhere !== true) {
      await room.verify();
    }
    await this.handler.foresee?.(room, inputs, known);
  }

  /** The engine keeps what such an error carries in the state, and calls `update` in the next run. */
  async #unconfirmed(room: CleanRoom, news: Properties, inputs: Properties, cause: unknown): Promise<unknown> {
    const id = await this.handler.idOf(room, inputs).catch(() => undefined);
    const properties = clean({ ...inputs, status: UNCONFIRMED, reason: shorten(messageOf(cause)) });
    if (id === undefined || JSON.stringify(properties).length > LARGEST_PROPERTIES) {
      return cause; // The next run makes it again, which finds what is there.
    }
    return new UnconfirmedError(id, { ...properties, [PROVIDER]: news[PROVIDER] }, cause);
  }

  #inputsOf(properties: Properties): Properties {
    const known = this.handler.inputs.filter((key) => properties[key] !== undefined);
    return clean(Object.fromEntries(known.map((key) => [key, properties[key]])));
  }

  async #operate<T>(
    method: string,
    properties: Properties,
    work: (room: CleanRoom, operation: Operation) => Promise<T>,
  ): Promise<T> {
    const given = properties[NAMESPACE];
    const namespace = typeof given === "string" && isKnown(given) ? given : DEFAULT_NAMESPACE;
    const settings = readSettings(namespace, this.config, process.env);
    const operation = new Operation(settings.deadlineSeconds, `${this.kind} ${method}`);
    try {
      return await operate(operation, () => work(cleanRoomOf(settings), operation));
    } catch (error) {
      if (error instanceof Error && error.message.length > LONGEST_MESSAGE) {
        error.message = shorten(error.message);
        error.stack = error.message;
      }
      throw error;
    }
  }
}

/** Whether an input changed. A collaboration that is left out is the default one, so naming it changes nothing. */
function differs(key: string, olds: Properties, news: Properties): boolean {
  const byDefault = key === NAMESPACE ? DEFAULT_NAMESPACE : undefined;
  return canonicalJson(olds[key] ?? byDefault) !== canonicalJson(news[key] ?? byDefault);
}

function isUnconfirmed({ status }: Properties): boolean {
  return status === UNCONFIRMED;
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
  delete own[PROVIDER];
  return own;
}

function shorten(message: string): string {
  const rest = message.length - LONGEST_MESSAGE;
  return rest <= 0 ? message : `${message.slice(0, LONGEST_MESSAGE)}\n… (${rest} more characters)`;
}
