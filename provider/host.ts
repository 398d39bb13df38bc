// Runs a handler for the dynamic provider: what goes in and out of the engine's state is put right here, once.
import { randomBytes } from "node:crypto";
import { CleanRoomError, messageOf, UnconfirmedError } from "./errors";
import type { Difference, Handler, Known } from "./handler";
import { say } from "./log";
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
/** Tells a resource's state from another's of the same object, as there are two when a resource is renamed. */
const STATE_ID = "stateId";
/** Longest error message, in bytes of UTF-8: the engine gets it as a header, and node sends 65,536 bytes of headers at most. */
const LONGEST_MESSAGE = 8_000;
/** Most of those that an error with properties may take: they ride in a header, too, packed and in base64. */
const LARGEST_ERROR = 50_000;

/** Methods that bring something about. */
const PATIENT = new Set(["create", "update", "delete"]);

/** By object: the state of the resource that stands for it in this run's program. */
const present = new Map<string, unknown>();

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
      const unconfirmed = isUnconfirmed(state);
      if (changed.length === 0) {
        this.#present(room, id, state);
        return { changes: unconfirmed || (await this.handler.isPending(room, id, state)) };
      }
      const isSame =
        isKnown(inputs) && !changed.includes(NAMESPACE) && this.handler.isSameObject?.(id, inputs) === true;
      const replaces = isSame ? [] : changed.filter((key) => this.handler.replaceOn?.includes(key) === true);
      if (isKnown(inputs)) {
        await this.#foresee(room, inputs, { id, state, isReplaced: replaces.length > 0, isUnconfirmed: unconfirmed });
      }
      if (replaces.length === 0) {
        this.#present(room, id, state);
      }
      return { changes: true, replaces };
    });
  }

  async create(news: Properties): Promise<{ id: string; outs: Properties }> {
    const inputs = this.#inputsOf(news);
    return this.#operate("create", inputs, async (room, operation) => {
      try {
        const { id, state } = await this.handler.create(room, inputs);
        const outs = clean({ ...inputs, ...state, [STATE_ID]: randomBytes(4).toString("hex") });
        this.#present(room, id, outs);
        return { id, outs };
      } catch (error) {
        const id = operation.mayHaveWritten ? await this.handler.idOf(room, inputs).catch(() => undefined) : undefined;
        throw id === undefined ? error : brokenOff(id, inputs, news, error);
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
    const inputs = this.#inputsOf(news);
    const state = clean(olds);
    return this.#operate("update", inputs, async (room, operation) => {
      this.#present(room, id, state);
      try {
        const now = await this.#updated(room, id, state, inputs);
        return { outs: clean({ ...inputs, ...now, [STATE_ID]: state[STATE_ID] }) };
      } catch (error) {
        throw operation.mayHaveWritten ? brokenOff(id, { ...this.#observedOf(state), ...inputs }, news, error) : error;
      }
    });
  }

  #updated(room: CleanRoom, id: string, state: Properties, inputs: Properties): Promise<Properties> {
    if (!isUnconfirmed(state)) {
      return this.handler.update(room, id, state, inputs);
    }
    return this.handler.resume === undefined
      ? this.handler.create(room, inputs).then((made) => made.state)
      : this.handler.resume(room, id, state, inputs);
  }

  async read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }> {
    const inputs = this.#inputsOf(props);
    return this.#operate("read", inputs, async (room) => {
      const now = await this.handler.read(room, id, clean(props));
      if (now === undefined) {
        return { id: "", props: {} };
      }
      // The engine forgets on a refresh that a creation broke off: the state itself says so.
      const { status, reason, since, [STATE_ID]: stateId } = props;
      const broken = isUnconfirmed(props) ? { status, reason, since } : {};
      return { id, props: clean({ ...inputs, ...now, ...broken, [STATE_ID]: stateId }), inputs };
    });
  }

  async delete(id: string, props: Properties): Promise<void> {
    await this.#operate("delete", props, async (room) => {
      const holder = present.get(this.#objectOf(room, id));
      if (holder !== undefined && holder !== props[STATE_ID]) {
        say(`'${id}' is left as it is: another resource of this program stands for it.`);
        return;
      }
      await this.handler.delete(room, id, clean(props));
    });
  }

  /** Notes that a resource of the program stands for this object, so that the deletion of another leaves it alone. */
  #present(room: CleanRoom, id: string, state: Properties): void {
    present.set(this.#objectOf(room, id), state[STATE_ID]);
  }

  #objectOf(room: CleanRoom, id: string): string {
    const { governanceUrl, frontendUrl, collaborationId } = room.settings;
    return JSON.stringify([this.kind, governanceUrl ?? frontendUrl, collaborationId, id]);
  }

  async #foresee(room: CleanRoom, inputs: Properties, known?: Known<Properties, Properties>): Promise<void> {
    if (this.handler.elsewhere !== true) {
      await room.verify();
    }
    await this.handler.foresee?.(room, inputs, known);
  }

  #observedOf(state: Properties): Properties {
    return Object.fromEntries(Object.entries(state).filter(([key]) => !this.handler.inputs.includes(key)));
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
    const operation = new Operation(settings.deadlineSeconds, `${this.kind} ${method}`, PATIENT.has(method));
    try {
      return await operate(operation, () => work(cleanRoomOf(settings), operation));
    } catch (error) {
      throw presentable(error);
    }
  }
}

/** The engine keeps what such an error carries in the state, and calls `update` in the next run. */
function brokenOff(id: string, known: Properties, news: Properties, cause: unknown): unknown {
  const reason = shorten(messageOf(cause));
  const properties = clean({ ...known, status: UNCONFIRMED, reason, since: new Date().toISOString() });
  const error = new UnconfirmedError(id, { ...properties, [PROVIDER]: news[PROVIDER] }, cause);
  // What is too large to be kept is made again by the next run, which finds what is there.
  return sizeOf(error) <= LARGEST_ERROR ? error : cause;
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

/** As the engine may have it: no longer than it takes, and with an id only where that is to go into the state. */
function presentable(thrown: unknown): Error {
  const foreign = !(thrown instanceof Error) || ("id" in thrown && !(thrown instanceof UnconfirmedError));
  const error = foreign ? new CleanRoomError(messageOf(thrown), { cause: thrown }) : thrown;
  if (Buffer.byteLength(error.message) > LONGEST_MESSAGE) {
    error.message = shorten(error.message);
    error.stack = error.message;
  }
  return error;
}

/** About how many bytes of headers it takes: the message twice in the packed form, and once by itself, escaped. */
function sizeOf({ message, properties }: UnconfirmedError): number {
  const bytes = Buffer.from(message, "utf8");
  const escaped = bytes.reduce((sum, byte) => sum + (byte < 0x20 || byte > 0x7e ? 3 : 1), 0);
  const packed = 2 * bytes.length + 1.25 * Buffer.byteLength(JSON.stringify(properties));
  return escaped + (packed * 4) / 3;
}

function shorten(message: string): string {
  const bytes = Buffer.from(message, "utf8");
  if (bytes.length <= LONGEST_MESSAGE) {
    return message;
  }
  // A character that is cut in two is left out.
  const kept = bytes
    .subarray(0, LONGEST_MESSAGE)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
  return `${kept}\n… (${message.length - kept.length} more characters)`;
}
