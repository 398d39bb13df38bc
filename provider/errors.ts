// The errors a collaborator sees: each names what was being done, quotes the service, and says what to do next.
// None holds a known secret.
import { hideKnown } from "./redaction";

/** Where a request went: enough to find it in a service's log; never a header, a body or a query value. */
export interface RequestPlace {
  /** What was being done, in the user's words: `publish dataset contosso-sales`. */
  readonly step: string;
  readonly method: string;
  /** Scheme, host and path. */
  readonly url: string;
}

/** Base of all errors of this package. The stack is left out: the reader is a collaborator, not our developer. */
export class CleanRoomError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(hideKnown(message), options);
    this.name = new.target.name;
    this.stack = this.message;
  }

  /** The engine's provider process logs an error as this and its stack: together they say each thing once. */
  override toString(): string {
    return this.name;
  }
}

/** An argument or a setting is not acceptable; nothing was sent. */
export class InvalidInputError extends CleanRoomError {}

/** A service answered, and its answer is no. Nothing was changed by this request. */
export class RefusedError extends CleanRoomError {
  constructor(
    readonly place: RequestPlace,
    /** HTTP status. */
    readonly status: number,
    /** The service's own code, where it gives one: `UserDocumentNotFound`. */
    readonly code: string | undefined,
    /** The service's own words. */
    readonly said: string,
    remedy?: string,
  ) {
    const what = code !== undefined && !said.includes(code) ? `${code}: ${said}` : said;
    super(
      `${place.step}: ${place.method} ${place.url} answered ${status}: ${what}${remedy === undefined ? "" : `\n${remedy}`}`,
    );
  }
}

/** The request may or may not have been carried out: it was sent, and no trustworthy answer came back. */
export class UnknownOutcomeError extends CleanRoomError {
  constructor(
    readonly place: RequestPlace,
    why: string,
    options?: ErrorOptions,
  ) {
    const next =
      place.method === "GET"
        ? "Nothing was changed by asking: try again."
        : "Whether it was carried out is not known; run `pulumi up` again: it looks first, and repeats only what is safe to repeat.";
    super(`${place.step}: ${place.method} ${place.url}: ${why}. ${next}`, options);
  }
}

/** The service could not be reached at all: the request was surely not carried out. */
export class UnreachableError extends CleanRoomError {
  constructor(
    readonly place: RequestPlace,
    why: string,
    options?: ErrorOptions,
  ) {
    super(`${place.step}: ${place.method} ${place.url}: ${why}`, options);
  }
}

/** What governance holds is not what this stack wrote or what its owner reviewed. */
export class ContentMismatchError extends CleanRoomError {}

/**
 * A creation broke off after something may have been written. The engine takes id and properties from it into the state,
 * and the next `up` goes on from there.
 */
export class UnconfirmedError extends CleanRoomError {
  readonly reasons: readonly string[];

  constructor(
    readonly id: string,
    /** What goes into the state, the provider's text included. */
    readonly properties: Readonly<Record<string, unknown>>,
    cause: unknown,
  ) {
    super(
      `${messageOf(cause)}\nWhat may be there is kept in the stack's state as unconfirmed, with the id '${id}': the next \`pulumi up\` looks first, and goes on.`,
      { cause },
    );
    this.reasons = [this.message];
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
