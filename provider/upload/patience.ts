// How an upload meets a refusal: what passes by itself is repeated, with growing pauses and within a time; a role that has
// not spread yet is waited for; everything else ends it with the store's words and what helps.
import { setTimeout as sleep } from "node:timers/promises";
import { CleanRoomError, messageOf } from "../errors";
import { say } from "../log";
import { lateRoleWords, ROLE_DEADLINE } from "../services/late-role";

/** Seconds for which a request is repeated, as for all other requests of the provider. */
const REQUEST_SECONDS = 60;
/** One try of one request; 16 MiB in this time are half a megabit a second. */
const TRY_MILLISECONDS = 300_000;
const LONGEST_PAUSE = 30_000;
const PROGRESS = 10_000;

const PASSING_STATUS = [408, 429, 500, 502, 503, 504];
/** S3 says with 400 that it waited in vain for the rest of a request. */
const PASSING_CODES = ["RequestTimeout", "SlowDown", "ServerBusy", "OperationTimedOut", "AuthorizationFailure"];
/** In a code, or in the words that S3's client wraps around one: what the system calls it, and the clients. */
const NETWORK =
  /\b(EPIPE|ECONN[A-Z]+|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ENETDOWN|REQUEST_SEND_ERROR|TimeoutError|AbortError)\b|socket hang up/;
const LATE_ROLE = "AuthorizationPermissionMismatch";

const REMEDIES: Readonly<Record<string, string>> = {
  AuthorizationPermissionMismatch:
    "Whoever is signed in needs the role Storage Blob Data Contributor on the container; AzureDataset assigns it.",
  AuthorizationFailure:
    "The account's network rules don't let this machine in: name its public address in `allowedAddresses`, too.",
  AccessDenied:
    "Whoever is signed in needs s3:PutObject and s3:GetObject on the objects; to go on after an interruption also s3:ListBucketMultipartUploads, s3:ListMultipartUploadParts and s3:AbortMultipartUpload.",
  InvalidAccessKeyId: "The access key of this machine (AWS_ACCESS_KEY_ID, or a profile) is unknown or inactive.",
  ExpiredToken: "The session of this machine's AWS credentials is over: sign in again, then run `pulumi up` again.",
};

/** The upload was told to end; what is up stays. */
export class Interrupted extends CleanRoomError {}

/** Runs a request of the upload until it is done, refused for good, or its time is over. */
export class Patience {
  #told = Date.now();

  constructor(
    /** Ends everything that waits or is under way. */
    private readonly signal: AbortSignal,
    private readonly seconds = secondsOf(process.env.CLEANROOM_REQUEST_SECONDS),
    private readonly roleSeconds = ROLE_DEADLINE / 1_000,
  ) {}

  /** @param step in the user's words: `put part 3 of sales.csv`. @throws CleanRoomError with step, code and remedy */
  async run<T>(step: string, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let firstFailure: number | undefined;
    for (let tries = 0; ; tries++) {
      this.#checkInterrupted();
      try {
        return await request(AbortSignal.any([this.signal, AbortSignal.timeout(TRY_MILLISECONDS)]));
      } catch (error) {
        this.#checkInterrupted();
        firstFailure ??= Date.now();
        const { status, code } = refusalOf(error);
        const isLateRole = status === 403 && code === LATE_ROLE;
        const waited = Date.now() - firstFailure;
        const pause = pauseOf(error, tries);
        const most = (isLateRole ? this.roleSeconds : this.seconds) * 1_000;
        if (!(isLateRole || isPassing(error)) || waited + pause > most) {
          throw new CleanRoomError(describe(step, error), { cause: error });
        }
        this.#tell(step, isLateRole, error, waited);
        await sleep(isLateRole ? Math.min(pause, 2_000) : pause, undefined, { signal: this.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  #checkInterrupted(): void {
    if (this.signal.aborted) throw new Interrupted("interrupted");
  }

  #tell(step: string, isLateRole: boolean, error: unknown, waited: number): void {
    if (Date.now() - this.#told < PROGRESS) return;
    this.#told = Date.now();
    const why = isLateRole
      ? lateRoleWords(waited)
      : `${words(error)}; trying again (${Math.round(waited / 1_000)} s so far)`;
    say(`${step}: ${why}`);
  }
}

interface Refusal {
  readonly status: number | undefined;
  readonly code: string | undefined;
}

/** Out of the shapes in which the two stores' clients throw it. */
export function refusalOf(error: unknown): Refusal {
  const { statusCode, code, name, details, $metadata } = (error ?? {}) as {
    readonly statusCode?: number;
    readonly code?: unknown;
    readonly name?: string;
    readonly details?: { readonly errorCode?: unknown };
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const found = [details?.errorCode, code].find((each) => typeof each === "string" && each !== "");
  return {
    status: statusCode ?? $metadata?.httpStatusCode,
    code: typeof found === "string" ? found : name === "Error" ? undefined : name,
  };
}

/** Without a status nothing was answered: the connection failed, or was too slow. */
function isPassing(error: unknown): boolean {
  const { status, code = "" } = refusalOf(error);
  if (status !== undefined) return PASSING_STATUS.includes(status) || PASSING_CODES.includes(code);
  return [code, messageOf(error)].some((text) => NETWORK.test(text));
}

/** Exponential with full jitter, unless the store names a time. */
function pauseOf(error: unknown, tries: number): number {
  const { response, $response } = error as {
    readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
    readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
  };
  const named = Number(response?.headers?.get?.("retry-after") ?? $response?.headers?.["retry-after"]);
  if (named > 0) return named * 1_000;
  return 100 + Math.random() * Math.min(LONGEST_PAUSE, 400 * 2 ** tries);
}

function describe(step: string, error: unknown): string {
  const { status, code } = refusalOf(error);
  const remedy = code === undefined ? undefined : REMEDIES[code];
  const what = [status, code].filter((each) => each !== undefined).join(" ");
  return `${step}: ${what === "" ? "" : `${what}: `}${words(error)}${remedy === undefined ? "" : `\n${remedy}`}`;
}

const words = (error: unknown): string => messageOf(error).split("\n")[0] ?? "";

function secondsOf(setting: string | undefined): number {
  const seconds = Number(setting);
  return setting !== undefined && setting !== "" && seconds > 0 ? seconds : REQUEST_SECONDS;
}
