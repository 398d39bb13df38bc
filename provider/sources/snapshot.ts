// What governance holds, read for one answer: each document once, a few requests at a time. What one document's answer
// lacks is that document's problem; a service that refuses us, or is away, fails the whole.
import type { Ballot, UserDocument } from "../../contract";
import { ContentMismatchError, RefusedError } from "../errors";
import type { CleanRoom } from "../services/clean-room";
import type { Consent } from "../services/consent";
import type { DocumentSource } from "../services/documents";
import type { DocumentType } from "../services/governance";
import { UnexpectedAnswerError } from "../services/shape";

/** Requests of one answer that are under way together. */
const AT_ONCE = 8;
/** Milliseconds for one document of many; governance answers 500 for good where somebody proposed no document at all. */
const DEADLINE = 10_000;

/** A document; or nothing, where there is none; or why it can't be read. */
type Read = { readonly document: UserDocument | undefined } | { readonly problem: string };

export class Snapshot implements DocumentSource {
  readonly #run = bounded(AT_ONCE, isOfOneDocument);
  readonly #documents = new Map<string, Promise<Read>>();
  readonly #lists = new Map<DocumentType, Promise<readonly { readonly id: string }[]>>();
  /** As `reviewOf` and its like ask; fails for a document that can't be read. */
  readonly governance: DocumentSource["governance"];

  constructor(
    private readonly room: CleanRoom,
    private readonly deadline = DEADLINE,
  ) {
    this.governance = {
      document: async (id) => {
        const read = await this.read(id);
        if ("problem" in read) {
          throw new ContentMismatchError(read.problem);
        }
        return read.document;
      },
      documents: (type) => this.#list(type),
    };
  }

  /** Ids of all documents of a type, sorted. */
  async ids(type: DocumentType): Promise<readonly string[]> {
    return [...new Set((await this.#list(type)).map(({ id }) => id))].sort();
  }

  /** The document, or why it can't be read. */
  read(id: string): Promise<Read> {
    const known = this.#documents.get(id) ?? this.#run(() => this.#read(id));
    this.#documents.set(id, known);
    return known;
  }

  /** The votes on a document: of an open proposal so far, of an accepted document the final ones. */
  async ballots({ state, proposalId, finalVotes }: UserDocument): Promise<readonly Ballot[]> {
    if (state !== "Proposed" || proposalId === undefined) {
      return finalVotes ?? [];
    }
    return (await this.#run(() => this.room.governance.proposalStatus(proposalId))).ballots;
  }

  /** Consent to a document's use, of all its approvers together. */
  consent(id: string): Promise<Consent> {
    return this.#run(() => this.room.governance.consent(id));
  }

  #list(type: DocumentType): Promise<readonly { readonly id: string }[]> {
    const known = this.#lists.get(type) ?? this.#run(() => this.room.governance.documents(type));
    this.#lists.set(type, known);
    return known;
  }

  async #read(id: string): Promise<Read> {
    try {
      return { document: await this.room.governance.document(id, this.deadline) };
    } catch (error) {
      if (!isOfOneDocument(error)) {
        throw error;
      }
      return { problem: error.message };
    }
  }
}

/** Whether an error says something of the document that was asked for, and nothing of the others. */
export function isOfOneDocument(error: unknown): error is Error {
  return (
    error instanceof ContentMismatchError ||
    error instanceof UnexpectedAnswerError ||
    (error instanceof RefusedError && error.status === 500)
  );
}

/**
 * Runs at most `limit` works together, the others in turn. After one has failed none of the waiting ones begins, unless
 * the failure is harmless to them.
 */
export function bounded(
  limit: number,
  isHarmless: (error: unknown) => boolean = () => false,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  let failure: { readonly error: unknown } | undefined;
  return async (work) => {
    if (running >= limit) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      if (failure !== undefined) {
        throw failure.error;
      }
      return await work();
    } catch (error) {
      if (!isHarmless(error)) {
        failure ??= { error };
      }
      throw error;
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        running -= 1;
      } else {
        next();
      }
    }
  };
}

/** As `Promise.all`, but fails only when all have ended: nothing goes on behind the back of who was told of a failure. */
export async function all<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
