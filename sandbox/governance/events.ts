// Audit events of a contract. Without a range only the latest one; with a range the ledger's history, which the first
// ask only orders (202), in pages of sequence numbers that may be empty and still lead on.
import { type Answer, ok, ServiceError } from "../http";
import type { Chain } from "./chain";
import { eventsMap } from "./state";

const PAGE = 2000;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly page: number;
}

export class Events {
  /** Ranges that were ordered and not yet handed out. */
  private readonly fetched = new Set<string>();

  constructor(private readonly chain: Chain) {}

  /** @returns 202 on the first ask for a range. Ranges that end after the ledger, or before they begin, are a 500. */
  list(contractId: string, query: URLSearchParams): Answer {
    const id = query.get("id") ?? contractId;
    const scope = query.get("scope") ?? "";
    const events = this.chain.state.events.get(eventsMap(contractId, scope))?.get(id) ?? [];
    const latest = events.at(-1);
    if (!query.get("from_seqno") && !query.get("to_seqno")) {
      if (latest === undefined) return ok({ value: [] });
      const { seqno, timestamp, data } = latest;
      return ok({ value: [{ scope, id, seqno, timestamp, timestamp_iso: iso(timestamp), data }] });
    }
    const range = this.range(query, latest?.seqno);
    const end = Math.min(range.to, range.from + range.page);
    const handle = `${range.from}-${end}-${id}`;
    if (!this.fetched.delete(handle)) {
      this.fetched.add(handle);
      return { status: 202, headers: { "retry-after": "1" } };
    }
    const value = events
      .filter(({ seqno }) => seqno >= range.from && seqno <= end)
      .map(({ seqno, timestamp, data }) => ({ scope, id, seqno, timestamp, timestampIso: iso(timestamp), data }));
    if (end === range.to) return ok({ value });
    const next = end + 1;
    this.fetched.add(`${next}-${Math.min(range.to, next + range.page)}-${id}`);
    const nextLink = `/contracts/${contractId}/events?from_seqno=${next}&to_seqno=${range.to}&id=${id}&scope=${scope}`;
    return ok({ value, nextLink });
  }

  private range(query: URLSearchParams, last: number | undefined): Range {
    const committed = this.chain.state.seqno;
    const from = number(query, "from_seqno") ?? 1;
    const to = number(query, "to_seqno") ?? last ?? committed;
    const page = number(query, "max_seqno_per_page") ?? PAGE;
    // These are exceptions in the real application: no hint of what was wrong reaches the caller.
    if (to < from || to > committed) throw new ServiceError(500, "InternalError", "Exception thrown while executing.");
    return { from, to, page };
  }
}

function number(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  const value = Number.parseInt(text, 10);
  if (Number.isNaN(value)) throw new ServiceError(500, "InternalError", "Exception thrown while executing.");
  return value;
}

const iso = (timestamp: string): string => new Date(Number(timestamp)).toISOString();
