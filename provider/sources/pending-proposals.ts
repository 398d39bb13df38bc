// What waits for votes: open proposals of datasets and queries, and whose votes are missing.
import { InvalidInputError } from "../errors";
import type { CleanRoom } from "../services/clean-room";
import { listDatasets } from "./datasets";
import type { DocumentEntry } from "./entry";
import type { DocumentFilter } from "./filter";
import { listQueries } from "./queries";
import { all, Snapshot } from "./snapshot";

export interface PendingProposal extends DocumentEntry {
  readonly type: "dataset" | "query";
  /** Whether the caller's own vote is missing. */
  readonly awaitsMe: boolean;
  /** Of a query: what `QueryApproval` names. Missing where it can't be read. */
  readonly digest?: string;
  /** Of a query: its text as a reviewer reads it, line by line. */
  readonly text?: readonly string[];
}

export interface PendingFilter extends Omit<DocumentFilter, "state"> {
  /** Whether the caller's vote is missing. @default either */
  readonly awaitsMe?: boolean;
  /** @default both */
  readonly type?: "dataset" | "query";
}

/** All open proposals that the filter asks for, by document id. What can't be read may be one, and is marked so. */
export async function listPendingProposals(
  room: CleanRoom,
  { awaitsMe, type, ...rest }: PendingFilter = {},
): Promise<readonly PendingProposal[]> {
  if (type !== undefined && type !== "dataset" && type !== "query") {
    throw new InvalidInputError(`type is '${String(type)}': use dataset or query.`);
  }
  const filter = { ...rest, state: "Proposed" } as const;
  const snapshot = new Snapshot(room);
  const { oid } = await room.caller();
  const proposals = async (
    of: PendingProposal["type"],
    entries: Promise<readonly Listed[]>,
  ): Promise<readonly PendingProposal[]> => (await entries).map((entry) => proposalOf(of, entry, oid));
  const pending = await all([
    ...(type === "query" ? [] : [proposals("dataset", listDatasets(room, filter, snapshot))]),
    ...(type === "dataset" ? [] : [proposals("query", listQueries(room, filter, snapshot))]),
  ]);
  return pending
    .flat()
    .filter((each) => awaitsMe === undefined || each.state === undefined || each.awaitsMe === awaitsMe)
    .sort((a, b) => (a.documentId < b.documentId ? -1 : 1));
}

type Listed = DocumentEntry & Pick<PendingProposal, "digest" | "text">;

/** Without the parsed content, which `getDatasets` and `getQueries` have. */
function proposalOf(type: PendingProposal["type"], entry: Listed, oid: string): PendingProposal {
  const { documentId, state, ownerId, proposalId, approvers, accepted, awaited, forged, digest, text, problem } = entry;
  return {
    type,
    documentId,
    ...(state === undefined ? {} : { state }),
    ownerId,
    proposalId,
    approvers,
    accepted,
    awaited,
    awaitsMe: awaited.includes(oid),
    forged,
    ...(type === "dataset" || digest === undefined ? {} : { digest }),
    ...(text === undefined ? {} : { text }),
    ...(problem === undefined ? {} : { problem }),
  };
}
