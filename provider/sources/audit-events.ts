// The audit log that clean rooms write to governance: its newest events, read from the end of the ledger backwards, so
// that what was asked for is read and not the whole history.
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidInputError, UnknownOutcomeError } from "../errors";
import { say } from "../log";
import type { CleanRoom } from "../services/clean-room";
import type { EventsPage, LoggedEvent } from "../services/events";

export interface AuditEvent {
  readonly scope: string;
  readonly id: string;
  /** Place in governance's ledger. */
  readonly seqno: number;
  /** By the clean room's clock, ISO 8601. */
  readonly time: string;
  /** Which part of the clean room wrote it; empty where it does not say. */
  readonly source: string;
  /** Empty where there is none. */
  readonly message: string;
  /** All that was written. */
  readonly data: unknown;
}

export interface EventsFilter {
  /** Log of this scope. @default the one without a scope */
  readonly scope?: string;
  /** Events of this id. @default the contract's own */
  readonly id?: string;
  /** First and last place in the ledger. @default all of it */
  readonly fromSeqno?: number;
  readonly toSeqno?: number;
  /** First and last moment, ISO 8601. @default from the beginning till now */
  readonly since?: string;
  readonly until?: string;
  /** How many of the newest to answer. @default 100 */
  readonly limit?: number;
}

/** Sequence numbers of one ask: what governance answers as one page. */
const PAGE = 2_000;
/** Milliseconds for all of it: governance fetches its ledger part by part. */
const DEADLINE = 120_000;
const PAUSE = 1_000;
/** Milliseconds after which the user is told. */
const PATIENCE = 5_000;

/** The newest events that the filter asks for, oldest first. */
export async function listAuditEvents(room: CleanRoom, filter: EventsFilter = {}): Promise<readonly AuditEvent[]> {
  const { scope, id, fromSeqno = 1, toSeqno, limit = 100 } = filter;
  whole("fromSeqno", fromSeqno);
  whole("toSeqno", toSeqno);
  whole("limit", limit);
  const since = moment("since", filter.since) ?? 0;
  const until = moment("until", filter.until) ?? Number.POSITIVE_INFINITY;
  await room.verify();
  const contractId = await room.contractId();
  const latest = (await room.governance.events(contractId, { scope, id }))?.events.at(-1);
  // After the latest event there is nothing to find, and governance fails where its ledger ends.
  let to = Math.min(latest?.seqno ?? 0, toSeqno ?? Number.MAX_SAFE_INTEGER);
  const reader = new Reader(room, contractId, { scope, id });
  const found: LoggedEvent[] = [];
  while (to >= fromSeqno && found.length < limit) {
    const from = Math.max(fromSeqno, to - PAGE);
    const events = await reader.between(from, to);
    found.unshift(...events.filter(({ timestamp }) => timestamp >= since && timestamp <= until));
    if (events.length > 0 && events.every(({ timestamp }) => timestamp < since)) {
      break;
    }
    to = from - 1;
  }
  return found.slice(-limit).map(shown);
}

/** Reads parts of one log, all together within one deadline. */
class Reader {
  readonly #deadline: number;
  readonly #end: number;
  #told = false;

  constructor(
    private readonly room: CleanRoom,
    private readonly contractId: string,
    private readonly log: Pick<EventsFilter, "scope" | "id">,
  ) {
    this.#deadline = Math.min(DEADLINE, room.settings.deadlineSeconds * 1_000);
    this.#end = Date.now() + this.#deadline;
  }

  /** All events of a range. One page, as a rule; where the service gives smaller ones, the next links are followed. */
  async between(from: number, to: number): Promise<readonly LoggedEvent[]> {
    const found: LoggedEvent[] = [];
    for (let next: number | undefined = from; next !== undefined && next <= to;) {
      const page: EventsPage = await this.#page({ from: next, to });
      found.push(...page.events);
      next = page.next;
    }
    return found;
  }

  /** The first ask for a part of the ledger only orders it. */
  async #page(range: { readonly from: number; readonly to: number }): Promise<EventsPage> {
    for (;;) {
      const left = this.#end - Date.now();
      if (left <= 0) {
        throw this.#late(range.to);
      }
      const page = await this.room.governance.events(this.contractId, { ...this.log, range });
      if (page !== undefined) {
        return page;
      }
      if (!this.#told && this.#deadline - left > PATIENCE) {
        this.#told = true;
        say(`governance fetches the audit events from its ledger, ${Math.ceil(left / 1_000)} s left`);
      }
      await sleep(Math.min(PAUSE, left));
    }
  }

  #late(to: number): UnknownOutcomeError {
    const url = `${this.room.settings.governanceUrl ?? ""}/contracts/${this.contractId}/events`;
    const place = { step: `read audit events of contract '${this.contractId}'`, method: "GET", url };
    const why = `after ${this.#deadline / 1_000} s its ledger was read back to ${to} only; ask for less (fromSeqno, limit)`;
    return new UnknownOutcomeError(place, why);
  }
}

function shown({ scope, id, seqno, timestamp, data }: LoggedEvent): AuditEvent {
  const { source, message } = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    scope,
    id,
    seqno,
    time: new Date(timestamp).toISOString(),
    source: text(source),
    message: text(message),
    data,
  };
}

function whole(name: string, value: number | undefined): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
    throw new InvalidInputError(`${name} is '${String(value)}': a whole number from 1 on is expected.`);
  }
}

function moment(name: string, text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new InvalidInputError(`${name} is '${String(text)}': a moment is written as 2026-06-30T12:00:00Z.`);
  }
  return time;
}
