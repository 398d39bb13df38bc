// One request and what came of it: an answer that can be trusted in form, a refusal, or what is not known.
import { request, type Dispatcher } from "undici";
import { messageOf, RefusedError, UnknownOutcomeError, type RequestPlace } from "../errors";
import { parseJson } from "../model/json";
import { ACCEPTED_CODINGS, readBody } from "./body";
import type { Answer, Call } from "./client";
import { failureOf, type Failed } from "./failure";
import { readProblem } from "./problem";
import { remedyOf } from "./remedy";
import { retryAfter } from "./retry";

export type Attempt =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** `wait`: the pause, in milliseconds, that the service asks for. */
  | { readonly kind: "refused"; readonly error: RefusedError; readonly wait?: number }
  | Failed;

export interface Sending {
  readonly place: RequestPlace;
  readonly call: Call;
  /** The body's JSON. */
  readonly payload: string | undefined;
  readonly token: string;
  readonly dispatcher: Dispatcher;
  /** Milliseconds to wait for the whole answer, and how that is said. */
  readonly wait: number;
  readonly waitWords: string;
}

interface Received {
  readonly status: number;
  readonly headers: Answer["headers"];
  readonly contentType: string;
  readonly text: string;
}

export async function attempt(sending: Sending): Promise<Attempt> {
  const { place, call } = sending;
  const signal = AbortSignal.timeout(Math.max(1, sending.wait));
  let received: Received;
  try {
    received = await exchange(sending, signal);
  } catch (error) {
    return failureOf(place, error, signal.aborted ? sending.waitWords : undefined);
  }
  const { status, headers, contentType, text } = received;
  if (status === 202 && call.method !== "GET") {
    const why = "answered 202: it was taken, and whether it will be done is not said";
    return { kind: "unknown", hopeless: true, error: new UnknownOutcomeError(place, why) };
  }
  if (status >= 200 && status < 300) {
    return accepted(place, received);
  }
  if (status >= 300 && status < 400) {
    const to = targetOf(headers.location?.toString() ?? "", call.url);
    const said = `a redirect to ${to}, which is not followed with a token`;
    return { kind: "refused", error: new RefusedError(place, status, undefined, said) };
  }
  const problem = readProblem(contentType, text);
  if (status === 404 && problem.code !== undefined && problem.code === call.absentCode) {
    return { kind: "answer", answer: { status, headers, body: undefined, where: whereOf(place) } };
  }
  const wait = retryAfter(headers["retry-after"]?.toString(), Date.now());
  const pause =
    wait === undefined ? [] : [`The service asks for a pause of ${Math.ceil(wait / 1_000)} s: try again then.`];
  const known = call.remedy?.(status, problem.code, problem.message) ?? remedyOf(status, problem.code);
  const remedy = [...(known === undefined ? [] : [known]), ...pause].join(" ");
  const error = new RefusedError(place, status, problem.code, problem.message, remedy === "" ? undefined : remedy);
  return { kind: "refused", wait, error };
}

/** What an error says of where an answer came from. */
export function whereOf({ step, method, url }: RequestPlace): string {
  return `${step}: ${method} ${url}`;
}

async function exchange({ call, payload, token, dispatcher }: Sending, signal: AbortSignal): Promise<Received> {
  const response = await request(call.url, {
    method: call.method,
    dispatcher,
    signal,
    headers: {
      accept: "application/json",
      "accept-encoding": ACCEPTED_CODINGS,
      authorization: `Bearer ${token}`,
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...call.headers,
    },
    body: payload,
  });
  const { statusCode: status, headers } = response;
  const text = await readBody(response.body, String(headers["content-encoding"] ?? ""), status >= 300);
  return { status, headers, contentType: String(headers["content-type"] ?? ""), text };
}

/** `application/json`, `application/problem+json` and their kin. */
const JSON_TYPE = /^\s*[a-z]+\/([a-z0-9.-]+\+)?json\s*(;|$)/i;

function accepted(place: RequestPlace, { status, headers, contentType, text }: Received): Attempt {
  const answer = { status, headers, where: whereOf(place) };
  if (text.trim() === "") {
    return { kind: "answer", answer: { ...answer, body: undefined } };
  }
  if (!JSON_TYPE.test(contentType)) {
    const { code, message } = readProblem(contentType, text);
    const said = `not JSON but '${contentType.slice(0, 80)}': ${message}`;
    const remedy = remedyOf(status, "NotTheService");
    // Whoever answered a write in the service's place may have handed it on.
    return place.method === "GET"
      ? { kind: "refused", error: new RefusedError(place, status, code, said, remedy) }
      : {
          kind: "unknown",
          hopeless: true,
          error: new UnknownOutcomeError(place, `answered ${status}, ${said}. ${remedy ?? ""}`),
        };
  }
  try {
    return { kind: "answer", answer: { ...answer, body: parseJson(text) } };
  } catch (error) {
    return {
      kind: "unknown",
      hopeless: true,
      error: new UnknownOutcomeError(place, `its answer is no use: ${messageOf(error)}`),
    };
  }
}

/** Where a redirect leads, without what its query may tell. */
function targetOf(location: string, from: string): string {
  if (location === "" || !URL.canParse(location, from)) {
    return "nowhere";
  }
  const { origin, pathname } = new URL(location, from);
  return `${origin}${pathname}`.slice(0, 500);
}
