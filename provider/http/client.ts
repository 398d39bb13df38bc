// The one way out: every request to every service goes through here and ends, within its deadline, as done, as
// refused (RefusedError), as surely not done (UnreachableError) or as unknown (UnknownOutcomeError).
import { setTimeout as sleep } from "node:timers/promises";
import { EnvHttpProxyAgent, request, type Dispatcher } from "undici";
import { messageOf, RefusedError, UnknownOutcomeError, UnreachableError, type RequestPlace } from "../errors";
import { debug, say } from "../log";
import { currentOperation } from "../operation";
import { readProblem } from "./problem";
import { backoff, isInDoubt, mayRepeat, retryAfter } from "./retry";

/** Gives the bearer token for a request; `fresh` asks for one that was not used before. */
export type TokenSource = (fresh: boolean) => Promise<string>;

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  /** What is being done, in the user's words. */
  readonly step: string;
  /** Sent as JSON; left out when undefined. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether sending it twice does what sending it once does. @default true for GET and PUT */
  readonly idempotent?: boolean;
  /** Whether it only asks, whatever its method. @default true for GET */
  readonly reads?: boolean;
  /** Milliseconds for all attempts together. @default 60000 */
  readonly deadline?: number;
  /** Statuses, besides 2xx, that are an answer and no refusal, such as a 404 to 'does it exist?'. */
  readonly alsoAnswers?: readonly number[];
  /** A sentence for the user, by status or code of the refusal. */
  readonly remedy?: (status: number, code: string | undefined) => string | undefined;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or undefined when the body is empty. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const LARGEST_ANSWER = 32 * 1024 * 1024;
/** Milliseconds of repeating after which the user is told. */
const PATIENCE = 5_000;
/** Errors of connecting: the request was not sent. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);
/** Errors of connecting that another attempt will meet again. */
const HOPELESS = /CERT|SIGNED|ISSUER|SIGNATURE|ENOTFOUND/;

export class HttpClient {
  readonly #dispatcher: Dispatcher = new EnvHttpProxyAgent({ connections: 8, keepAliveTimeout: 10_000 });

  constructor(private readonly token: TokenSource) {}

  /** Sends the call, repeating it where that is safe, and answers what the service answered. */
  async send(call: Call): Promise<Answer> {
    const url = new URL(call.url);
    const place: RequestPlace = { step: call.step, method: call.method, url: `${url.origin}${url.pathname}` };
    const idempotent = call.idempotent ?? (call.method === "GET" || call.method === "PUT");
    const start = Date.now();
    const operation = currentOperation();
    const end = Math.min(start + (call.deadline ?? 60_000), operation?.end ?? Infinity);
    let token = await this.token(false);
    let refreshed = false;
    let told = false;
    for (let attempt = 0; ; attempt++) {
      const result = await this.#attempt(call, place, token, end);
      if (!(call.reads ?? call.method === "GET") && mayHaveBeenDone(result)) {
        operation?.noteWrite();
      }
      if (result.kind === "answer") {
        return result.answer;
      }
      if (result.kind === "refused" && result.error.status === 401 && !refreshed) {
        refreshed = true;
        const fresh = await this.token(true);
        if (fresh !== token) {
          token = fresh;
          debug(`${place.step}: 401, once more with a fresh token`);
          continue;
        }
      }
      const wait = Math.max(result.wait ?? 0, backoff(attempt, Math.random()));
      if (!repeatable(result, idempotent) || Date.now() + wait >= end) {
        throw result.error;
      }
      debug(`${result.error.message}; again in ${wait} ms`);
      if (!told && Date.now() + wait - start > PATIENCE) {
        told = true;
        say(`${result.error.message}\n(tried again for up to ${Math.round((end - start) / 1_000)} s)`);
      }
      await sleep(wait);
    }
  }

  async #attempt(call: Call, place: RequestPlace, token: string, end: number): Promise<Attempt> {
    const signal = AbortSignal.timeout(Math.max(1, end - Date.now()));
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await request(call.url, {
        method: call.method,
        dispatcher: this.#dispatcher,
        signal,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${token}`,
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
          ...call.headers,
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
      });
      text = await readCapped(response);
    } catch (error) {
      return failedAttempt(place, error, signal.aborted);
    }
    const { statusCode: status, headers } = response;
    const contentType = String(headers["content-type"] ?? "");
    if ((status >= 200 && status < 300) || call.alsoAnswers?.includes(status) === true) {
      return parseAnswer(place, status, headers, contentType, text);
    }
    if (status >= 300 && status < 400) {
      const to = targetOf(headers.location?.toString() ?? "", call.url);
      return {
        kind: "refused",
        error: new RefusedError(place, status, undefined, `a redirect to ${to}, which is not followed with a token`),
      };
    }
    const problem = readProblem(contentType, text);
    const wait = retryAfter(headers["retry-after"]?.toString(), Date.now());
    const pause =
      wait === undefined ? undefined : `The service asks for a pause of ${Math.ceil(wait / 1_000)} s: try again then.`;
    const remedy = call.remedy?.(status, problem.code) ?? defaultRemedy(status, problem.code) ?? pause;
    return { kind: "refused", wait, error: new RefusedError(place, status, problem.code, problem.message, remedy) };
  }

  /** Ends idle connections, so that a process can end. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }
}

type Attempt =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly error: RefusedError; readonly wait?: number }
  | {
      readonly kind: "unreachable";
      readonly error: UnreachableError;
      readonly hopeless: boolean;
      readonly wait?: number;
    }
  | {
      readonly kind: "unknown";
      readonly error: UnknownOutcomeError;
      /** Another attempt would be answered alike. */
      readonly hopeless: boolean;
      readonly wait?: number;
    };

function mayHaveBeenDone(result: Attempt): boolean {
  return result.kind === "refused" ? isInDoubt(result.error.status) : result.kind !== "unreachable";
}

/** An answer that this program does not take: broken, or larger than any answer is. */
class UnusableAnswer extends Error {}

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

/** Where a redirect leads, without what its query may tell. */
function targetOf(location: string, from: string): string {
  if (location === "" || !URL.canParse(location, from)) {
    return "nowhere";
  }
  const { origin, pathname } = new URL(location, from);
  return `${origin}${pathname}`;
}

async function readCapped(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_ANSWER) {
      response.body.destroy();
      throw new UnusableAnswer(`the answer is larger than ${LARGEST_ANSWER} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseAnswer(
  place: RequestPlace,
  status: number,
  headers: Answer["headers"],
  contentType: string,
  text: string,
): Attempt {
  if (text.trim() === "") {
    return { kind: "answer", answer: { status, body: undefined, headers } };
  }
  if (!/json/i.test(contentType)) {
    const problem = readProblem(contentType, text);
    return {
      kind: "refused",
      error: new RefusedError(
        place,
        status,
        problem.code,
        `not JSON but '${contentType}': ${problem.message}`,
        defaultRemedy(status, "NotTheService"),
      ),
    };
  }
  try {
    return { kind: "answer", answer: { status, body: JSON.parse(text) as unknown, headers } };
  } catch (error) {
    return {
      kind: "unknown",
      hopeless: true,
      error: new UnknownOutcomeError(place, `its answer is broken JSON (${messageOf(error)})`),
    };
  }
}

function failedAttempt(place: RequestPlace, error: unknown, timedOut: boolean): Attempt {
  const code = codeOf(error);
  const unusable = error instanceof UnusableAnswer;
  const why = timedOut
    ? "no answer within the deadline"
    : unusable
      ? messageOf(error)
      : `${code ?? "failed"}: ${messageOf(error)}`;
  if (code !== undefined && NOT_SENT.has(code)) {
    const remedy = HOPELESS.test(code)
      ? code === "ENOTFOUND"
        ? "This host name does not exist here: check the address, and the network's DNS."
        : "Its certificate is not trusted: check the address, or name the authority's file in NODE_EXTRA_CA_CERTS."
      : "Nothing answers there: check the address and that the service runs.";
    return {
      kind: "unreachable",
      hopeless: HOPELESS.test(code),
      error: new UnreachableError(place, `${why}. ${remedy}`, { cause: error }),
    };
  }
  return { kind: "unknown", hopeless: unusable, error: new UnknownOutcomeError(place, why, { cause: error }) };
}

function codeOf(error: unknown): string | undefined {
  for (let e: unknown = error; typeof e === "object" && e !== null; e = (e as { cause?: unknown }).cause) {
    if (e instanceof AggregateError && e.errors.length > 0) {
      return codeOf(e.errors[0]);
    }
    const { code } = e as { code?: unknown };
    if (typeof code === "string") {
      return code;
    }
  }
  return undefined;
}

function defaultRemedy(status: number, code: string | undefined): string | undefined {
  if (status === 401) {
    return "The token was not accepted: it may have expired. Sign in again, or set a new cleanroom:token (or CLEANROOM_TOKEN).";
  }
  switch (code) {
    case "CallerNotAuthorized":
      return "This user is no collaborator of the clean room: ask the collaboration's owner for an invitation, and accept it.";
    case "CallerTenantNotAuthorized":
      return "The token is of another tenant than the one this user is registered with: sign in to that tenant.";
    case "NotTheService":
      return "Check the service's address: a sign-in page or a proxy answered in its place.";
    case "InvalidToken":
    case "InvalidAuthorizationHeader":
      return "The token is not one the frontend accepts: sign in again, and check cleanroom:token (or CLEANROOM_TOKEN).";
    default:
      return undefined;
  }
}
