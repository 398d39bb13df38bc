// Audit events as governance answers them: pages of its ledger, each event checked for its shape.
import { fieldsOf, listOf, optionalText, textOf, UnexpectedAnswerError } from "./shape";

/** An event that a clean room wrote, under attestation, to the contract's audit log. */
export interface LoggedEvent {
  readonly scope: string;
  readonly id: string;
  /** Place in governance's ledger. */
  readonly seqno: number;
  /** Milliseconds since 1970, by the clean room's clock. */
  readonly timestamp: number;
  readonly data: unknown;
}

/** Which events to answer: without a range only the latest one. */
export interface EventsAsk {
  readonly scope?: string;
  readonly id?: string;
  readonly range?: { readonly from: number; readonly to: number };
}

export interface EventsPage {
  readonly events: readonly LoggedEvent[];
  /** Where the next page begins, which a page without events may have, too. */
  readonly next?: number;
}

export function eventsQuery({ scope, id, range }: EventsAsk): string {
  return new URLSearchParams({
    ...(scope === undefined ? {} : { scope }),
    ...(id === undefined ? {} : { id }),
    ...(range === undefined ? {} : { from_seqno: String(range.from), to_seqno: String(range.to) }),
  }).toString();
}

export function eventsPageOf(body: unknown, step: string, from: number): EventsPage {
  const fields = fieldsOf(body, step);
  const events = listOf(fields.value, step).map((item) => {
    const event = fieldsOf(item, step);
    const timestamp = Number(textOf(event, "timestamp", step));
    if (!Number.isSafeInteger(event.seqno) || !(timestamp >= 0 && timestamp <= LATEST)) {
      throw new UnexpectedAnswerError(
        `${step}: an event has the sequence number '${String(event.seqno)}' and the timestamp '${String(event.timestamp)}', where a whole number and milliseconds are expected.`,
      );
    }
    return {
      scope: textOf(event, "scope", step),
      id: textOf(event, "id", step),
      seqno: event.seqno as number,
      timestamp,
      data: event.data,
    };
  });
  const link = optionalText(fields, "nextLink", step);
  return link === undefined ? { events } : { events, next: nextOf(link, step, from) };
}

/** The largest timestamp that governance takes: thirteen digits. */
const LATEST = 9_999_999_999_999;

/** Of the link only the place is taken: the request goes to the service that is set. */
function nextOf(link: string, step: string, from: number): number {
  const next = Number(new URLSearchParams(link.slice(link.indexOf("?") + 1)).get("from_seqno") ?? Number.NaN);
  if (!Number.isSafeInteger(next) || next <= from) {
    throw new UnexpectedAnswerError(`${step}: the link to the next page, '${link}', does not lead on.`);
  }
  return next;
}
