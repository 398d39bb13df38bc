// Queries of the collaboration, as a reviewer sees them now.
import { ContentMismatchError } from "../errors";
import { queryLines } from "../model/difference";
import type { QueryContent } from "../model/query";
import type { CleanRoom } from "../services/clean-room";
import { queryOf, requireVotes, reviewOf } from "../services/documents";
import { entriesOf, problemOf, type Content, type DocumentEntry } from "./entry";
import type { DocumentFilter } from "./filter";
import type { Snapshot } from "./snapshot";

/** What a query's document says; of a proposed one, its proposal's copy. */
export interface ReviewedContent {
  /** What `propose` and `QueryApproval` name. */
  readonly digest: string;
  readonly query: QueryContent;
  /** The query as a reviewer reads it, line by line; the engine shows the whole of a list, and of a text three lines. */
  readonly text: readonly string[];
}

export interface ReviewableQuery extends ReviewedContent {
  readonly documentId: string;
  readonly state: "Draft" | "Proposed" | "Accepted";
  readonly approvers: readonly string[];
  /** Object ids of the approvers who have accepted. */
  readonly accepted: readonly string[];
}

/** A query of a list: its text is missing where it can't be read, its digest also where its datasets can't. */
export type QueryEntry = DocumentEntry & Partial<ReviewedContent>;

export interface QueryFilter extends DocumentFilter {
  /** Document id of a dataset that it reads or writes. @default any */
  readonly dataset?: string;
  /** Whether its use is enabled; one request more for each. @default either, and not read */
  readonly inUse?: boolean;
}

/** All queries that the filter asks for, sorted by document id; those that can't be relied on are marked so. */
export async function listQueries(
  room: CleanRoom,
  { dataset, ...filter }: QueryFilter = {},
  snapshot?: Snapshot,
): Promise<readonly QueryEntry[]> {
  const entries = await entriesOf(room, "spark-application", filter, entryContent, snapshot);
  const uses = ({ inputs, output }: QueryContent): boolean =>
    [...inputs, output].some(({ documentId }) => documentId === dataset);
  return entries.filter(({ query }) => dataset === undefined || query === undefined || uses(query));
}

const entryContent: Content<ReviewedContent> = async (document, snapshot) => {
  let said: Partial<ReviewedContent> & { forged?: boolean } = {};
  const problem = await problemOf(async () => {
    const query = queryOf(document);
    said = { query, text: queryLines(query) };
    const { digest, owners, approvers } = await reviewOf(snapshot, document);
    const missing = owners.filter((owner) => !approvers.includes(owner));
    // Owners who are no approvers were never asked: accepted so, it was accepted past them.
    said = { ...said, digest, forged: document.state === "Accepted" && missing.length > 0 };
    if (missing.length > 0) {
      throw new ContentMismatchError(
        `Query '${document.id}' would run without the consent of ${missing.join(", ")}, who own datasets of it and are not among its approvers. Do not rely on it.`,
      );
    }
  });
  return problem === undefined ? said : { ...said, problem };
};

/** The query as a reviewer sees it, or undefined while there is none of this id. */
export async function readQuery(room: CleanRoom, documentId: string): Promise<ReviewableQuery | undefined> {
  await room.verify();
  const document = await room.governance.document(documentId);
  if (document === undefined) {
    return undefined;
  }
  requireVotes(document);
  const { query, digest, approvers } = await reviewOf(room, document);
  const ballots =
    document.state === "Proposed" && document.proposalId !== undefined
      ? (await room.governance.proposalStatus(document.proposalId)).ballots
      : (document.finalVotes ?? []);
  return {
    documentId,
    state: document.state,
    digest,
    query,
    text: queryLines(query),
    approvers: [...approvers].sort(),
    accepted: ballots
      .filter(({ ballot }) => ballot === "accepted")
      .map(({ approverId }) => approverId)
      .sort(),
  };
}
