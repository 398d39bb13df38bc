// The one way out: every request to every service goes through here and ends, within its deadline, as done, as
// refused (RefusedError), as surely not done (UnreachableError) or as unknown (UnknownOutcomeError).
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidInputError, UnreachableError, type RequestPlace } from "../errors";
import { debug, say } from "../log";
import { currentOperation } from "../operation";
import { knowSecret } from "../redaction";
import { attempt, type Attempt } from "./attempt";
import { Bearer, type TokenSource } from "./bearer";
import { callDeadline, type Deadline } from "./deadline";
import { Pace, type Turn, type Verdict } from "./pace";
import { backoff, isInDoubt, mayRepeat } from "./retry";
import { CONNECTIONS, isLoopback, Routes } from "./route";

export type { TokenSource } from "./bearer";

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  /** What is being done, in the user's words: it names the resource. */
  readonly step: string;
  /** Sent as JSON; left out when undefined. */
  readonly body?: unknown;
  /** What in the body, or in the answer, is secret: it is hidden wherever a service says it again. */
  readonly secrets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether sending it twice does what sending it once does. @default true for GET and PUT */
  readonly idempotent?: boolean;
  /** Whether it only asks, whatever its method. @default true for GET */
  readonly reads?: boolean;
  /** Milliseconds for all attempts together, the token's included. @default the client's */
  readonly deadline?: number;
  /** Code with which the service says, by 404, that there is none of what is asked for: an answer, and no refusal. */
  readonly absentCode?: string;
  /** A sentence for the user, by status, code or words of the refusal. */
  readonly remedy?: (status: number, code: string | undefined, said: string) => string | undefined;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or undefined when the body is empty. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Step and request, for an error that says what is wrong with the answer. */
  readonly where: string;
}

/** Milliseconds for one call, unless it says otherwise. */
const DEADLINE = 60_000;
const READ_PATIENCE = 20_000;
/** Characters of a step and of an address that are shown: an id in them may come from a service. */
const LONGEST_SHOWN = 500;
/** Milliseconds of repeating after which the user is told. */
const PATIENCE = 5_000;

export class HttpClient {
  readonly #routes = new Routes();
  readonly #bearer: Bearer;
  readonly #deadline: number;
  readonly #readPatience: number;
  /** By the services' origins. */
  readonly #paces = new Map<string, Pace>();

  /**
   * `deadline`: milliseconds for one call, where the call has no shorter one; `readPatience`: after which a read that is
   * not answered is asked again.
   */
  constructor(token: TokenSource, times: { readonly deadline?: number; readonly readPatience?: number } = {}) {
    this.#bearer = new Bearer(token);
    this.#deadline = times.deadline ?? DEADLINE;
    this.#readPatience = times.readPatience ?? READ_PATIENCE;
  }

  /** Sends the call, repeating it where that is safe, and answers what the service answered. */
  async send(call: Call): Promise<Answer> {
    if (!URL.canParse(call.url)) {
      throw new InvalidInputError(`${call.step}: '${call.url}' is no URL. Check the service's address.`);
    }
    call.secrets?.forEach(knowSecret);
    const url = new URL(call.url);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
      throw new InvalidInputError(
        `${call.step}: a token is sent to '${url.origin}', so its address must begin with https.`,
      );
    }
    const place: RequestPlace = {
      step: call.step.slice(0, LONGEST_SHOWN),
      method: call.method,
      url: `${url.origin}${url.pathname}`.slice(0, LONGEST_SHOWN),
    };
    const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
    const idempotent = call.idempotent ?? (call.method === "GET" || call.method === "PUT");
    const deadline = callDeadline(Math.min(call.deadline ?? this.#deadline, this.#deadline));
    const start = Date.now();
    const pace = this.#paceOf(url.origin);
    let token = await this.#bearer.token(place, deadline);
    let renewed = false;
    let told = false;
    let inDoubt: Error | undefined;
    for (let count = 0; ; count++) {
      const turn = await pace.enter(deadline.end, count > 0);
      if (turn === undefined) {
        throw inDoubt ?? noTurn(place, deadline, pace);
      }
      const result = await this.#attempt(
        { place, call, payload, token, dispatcher: this.#routes.to(url) },
        deadline,
        pace,
        turn,
      );
      if (!(call.reads ?? call.method === "GET") && mayHaveBeenDone(result)) {
        currentOperation()?.noteWrite();
        // Whatever later attempts meet, this one may have been carried out.
        inDoubt ??= result.kind === "answer" ? undefined : result.error;
      }
      if (result.kind === "answer") {
        return result.answer;
      }
      if (result.kind === "refused" && result.error.status === 401 && !renewed) {
        renewed = true;
        const fresh = await this.#bearer.renewed(token, place, deadline);
        if (fresh !== undefined) {
          token = fresh;
          debug(`${place.step}: 401, once more with a fresh token`);
          continue;
        }
      }
      // A pause that the service asks for is kept by its pace, for all requests together.
      const wait = pace.pause > 0 ? 0 : backoff(count, Math.random());
      if (!repeatable(result, idempotent)) {
        debug(`${result.error.message}; not repeated`);
        throw result.kind === "refused" ? result.error : (inDoubt ?? result.error);
      }
      if (Date.now() + Math.max(wait, pace.pause) >= deadline.end) {
        debug(`${result.error.message}; no time left to repeat it`);
        throw inDoubt ?? result.error;
      }
      debug(`${result.error.message}; again in ${Math.max(wait, pace.pause)} ms`);
      if (!told && pace.pause === 0 && Date.now() + wait - start > PATIENCE) {
        told = true;
        say(`${result.error.message}\n(tried again within ${deadline.words})`);
      }
      await sleep(wait);
    }
  }

  /** The token by which the services know us. */
  token(step: string): Promise<string> {
    return this.#bearer.token({ step, method: "GET", url: "the sign-in" }, callDeadline(this.#deadline));
  }

  /** Ends idle connections, so that a process can end. */
  close(): Promise<void> {
    return this.#routes.close();
  }

  async #attempt(
    sending: Omit<Parameters<typeof attempt>[0], "wait" | "waitWords">,
    deadline: Deadline,
    pace: Pace,
    turn: Turn,
  ): Promise<Attempt> {
    const began = Date.now();
    let verdict: Verdict = "failed";
    try {
      const left = deadline.end - Date.now();
      const patient = sending.call.method !== "GET" || left <= this.#readPatience;
      const result = await attempt({
        ...sending,
        wait: patient ? left : this.#readPatience,
        waitWords: patient ? deadline.words : `${this.#readPatience / 1_000} s`,
      });
      verdict = verdictOf(result);
      const outcome = result.kind === "answer" ? String(result.answer.status) : result.kind;
      debug(
        `${sending.place.step}: ${sending.place.method} ${sending.place.url}: ${outcome} after ${Date.now() - began} ms`,
      );
      return result;
    } finally {
      pace.leave(turn, verdict);
    }
  }

  #paceOf(origin: string): Pace {
    const pace = this.#paces.get(origin) ?? new Pace(origin, CONNECTIONS);
    this.#paces.set(origin, pace);
    return pace;
  }
}

/** Whether the request may have been carried out. */
function mayHaveBeenDone(result: Attempt): boolean {
  return result.kind === "refused" ? isInDoubt(result.error.status) : result.kind !== "unreachable";
}

function verdictOf(result: Attempt): Verdict {
  if (result.kind === "unreachable" || result.kind === "unknown") {
    return "failed";
  }
  if (result.kind === "refused") {
    const { status } = result.error;
    return status === 429 || (status === 503 && result.wait !== undefined)
      ? { paused: result.wait }
      : status < 500
        ? "fine"
        : "failed";
  }
  return "fine";
}

function repeatable(result: Exclude<Attempt, { kind: "answer" }>, idempotent: boolean): boolean {
  switch (result.kind) {
    case "refused":
      return mayRepeat(result.error.status, idempotent);
    case "unreachable":
      return !result.hopeless;
    case "unknown":
      return idempotent && !result.hopeless;
  }
}

/** Why nothing was sent: the service wanted a pause, or too much waited before this. */
function noTurn(place: RequestPlace, { words }: Deadline, pace: Pace): UnreachableError {
  const why =
    pace.pause > 0
      ? `the service asks for a pause of ${Math.ceil(pace.pause / 1_000)} s, longer than ${words} allows: nothing was sent. Try again then.`
      : `no turn within ${words}: the service answers the requests before this one too slowly. Nothing was sent; try again.`;
  return new UnreachableError(place, why);
}
