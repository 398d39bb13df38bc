// Which documents of the collaboration are asked for. What a document's own answer does not say can't exclude it.
import type { DocumentState } from "../../contract";
import { InvalidInputError } from "../errors";
import type { CleanRoom } from "../services/clean-room";

export interface DocumentFilter {
  /** How the document's id begins. @default any */
  readonly namePrefix?: string;
  /** What governance says of it. @default any */
  readonly state?: DocumentState;
  /** Object id of whoever proposed it. @default anybody's */
  readonly ownerId?: string;
  /** `mine`: what the caller proposed. Drafts, whose author governance does not record, are neither. @default anybody's */
  readonly whose?: "mine" | "others";
}

/** What a filter looks at; `state` is missing where the document can't be read. */
export interface Filtered {
  readonly documentId: string;
  readonly state?: DocumentState;
  readonly ownerId: string;
}

const STATES: readonly unknown[] = [undefined, "Draft", "Proposed", "Accepted"];
const WHOSE: readonly unknown[] = [undefined, "mine", "others"];

/** Whether an entry is asked for. @throws InvalidInputError for a filter that means nothing */
export async function selector(room: CleanRoom, filter: DocumentFilter): Promise<(entry: Filtered) => boolean> {
  const { state, ownerId, whose } = filter;
  if (!STATES.includes(state)) {
    throw new InvalidInputError(`state is '${String(state)}': use Draft, Proposed or Accepted.`);
  }
  if (!WHOSE.includes(whose)) {
    throw new InvalidInputError(`whose is '${String(whose)}': use mine or others.`);
  }
  const { oid } = await room.caller();
  return (entry) =>
    hasName(entry.documentId, filter) &&
    (entry.state === undefined ||
      ((state === undefined || entry.state === state) &&
        (ownerId === undefined || entry.ownerId === ownerId) &&
        (whose === undefined || (entry.ownerId !== "" && (entry.ownerId === oid) === (whose === "mine")))));
}

/** Known before a document is read. */
export function hasName(documentId: string, { namePrefix = "" }: DocumentFilter): boolean {
  return documentId.startsWith(namePrefix);
}
