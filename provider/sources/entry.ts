// What every listed document has, dataset or query: who proposed it, whose votes it has and lacks, and what is wrong
// with it. A document that can't be relied on is an entry that says so.
import type { Ballot, DocumentState, UserDocument } from "../../contract";
import type { CleanRoom } from "../services/clean-room";
import { requireVotes } from "../services/documents";
import type { DocumentType } from "../services/governance";
import { hasName, selector, type DocumentFilter } from "./filter";
import { all, isOfOneDocument, Snapshot } from "./snapshot";

export interface DocumentEntry {
  readonly documentId: string;
  /** Missing where the document can't be read. */
  readonly state?: DocumentState;
  /** Object id of whoever proposed it; empty for a draft, whose author governance does not record. */
  readonly ownerId: string;
  /** Of the open or decided proposal; empty for a draft. */
  readonly proposalId: string;
  /** Object ids of those whose votes it needs, sorted. */
  readonly approvers: readonly string[];
  /** Of these, the ones who have accepted. */
  readonly accepted: readonly string[];
  /** Of these, the ones whose vote is missing; of a draft nobody's is asked for. */
  readonly awaited: readonly string[];
  /** Whether it is marked Accepted without the votes of its approvers, or past owners of its datasets: do not rely on it. */
  readonly forged: boolean;
  /** Whether no approver has disabled its use; only read where that was asked for. */
  readonly inUse?: boolean;
  /** What is wrong with it, in a sentence; missing when nothing is. */
  readonly problem?: string;
}

/** What a document's text says, as far as it can be read, or the problem with it. */
export type Content<T> = (
  document: UserDocument,
  snapshot: Snapshot,
) => Promise<Partial<T> & { readonly forged?: boolean; readonly problem?: string }>;

/** The documents of a type that the filter asks for, by id. */
export async function entriesOf<T extends object>(
  room: CleanRoom,
  type: DocumentType,
  filter: DocumentFilter & { readonly inUse?: boolean },
  content: Content<T>,
  snapshot = new Snapshot(room),
): Promise<readonly (DocumentEntry & Partial<T>)[]> {
  await room.verify();
  const isWanted = await selector(room, filter);
  const ids = (await snapshot.ids(type)).filter((id) => hasName(id, filter));
  const entries = await all(
    ids.map(async (id) => {
      const read = await snapshot.read(id);
      if ("problem" in read || read.document === undefined) {
        const problem =
          "problem" in read ? read.problem : `Document '${id}' is listed, but governance does not show it.`;
        return [{ ...UNREADABLE, documentId: id, problem } as unknown as DocumentEntry & Partial<T>];
      }
      const { state, proposerId: ownerId = "" } = read.document;
      return isWanted({ documentId: id, state, ownerId }) ? [await entryOf(read.document, snapshot, content)] : [];
    }),
  );
  const { inUse: wanted } = filter;
  return wanted === undefined ? entries.flat() : inUseOf(entries.flat(), snapshot, wanted);
}

const UNREADABLE = { ownerId: "", proposalId: "", approvers: [], accepted: [], awaited: [], forged: false } as const;

async function entryOf<T extends object>(
  document: UserDocument,
  snapshot: Snapshot,
  content: Content<T>,
): Promise<DocumentEntry & Partial<T>> {
  const { id, state, proposerId = "", proposalId = "" } = document;
  const approvers = [...new Set(document.approvers.map(({ approverId }) => approverId))].sort();
  let ballots: readonly Ballot[] = [];
  const unread = await problemOf(async () => {
    ballots = await snapshot.ballots(document);
  });
  const hasAccepted = new Set(ballots.filter(({ ballot }) => ballot === "accepted").map((each) => each.approverId));
  const forgery = await problemOf(() => requireVotes(document));
  const { problem, forged = false, ...said } = await content(document, snapshot);
  const problems = [unread, forgery, problem].filter((each) => each !== undefined);
  return {
    documentId: id,
    state,
    ownerId: proposerId,
    proposalId,
    approvers,
    accepted: approvers.filter((each) => hasAccepted.has(each)),
    awaited: state === "Draft" ? [] : approvers.filter((each) => !hasAccepted.has(each)),
    forged: forged || forgery !== undefined,
    ...(said as unknown as Partial<T>),
    ...(problems.length === 0 ? {} : { problem: problems.join("\n") }),
  };
}

async function inUseOf<E extends DocumentEntry>(
  entries: readonly E[],
  snapshot: Snapshot,
  wanted: boolean,
): Promise<readonly E[]> {
  const read = await all(
    entries.map(async (entry) =>
      entry.state === undefined ? entry : { ...entry, inUse: (await snapshot.consent(entry.documentId)).enabled },
    ),
  );
  return read.filter(({ inUse }) => inUse === undefined || inUse === wanted);
}

/** What is wrong, where the document itself is at fault; every other failure is thrown. */
export async function problemOf(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!isOfOneDocument(error)) {
      throw error;
    }
    return error.message;
  }
}
