// A query's draft: written once, updated only from the version last read, and never over another collaborator's change
// unless the program says so.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { queryDifference } from "../model/difference";
import { textDigest, toApplication, undoes, type QueryContent } from "../model/query";
import { isKnown } from "../model/unknown";
import { choiceProblems, documentIdProblems, queryProblems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { datasetsOf, ownersOf, queryOf, reviewOf } from "../services/documents";
import { withdrawProposal, writeDocument } from "../services/writes";

export interface QueryDraftInputs extends QueryContent {
  readonly collaboration?: string;
  readonly documentId: string;
  /** Digest of what the author agreed to: a document with it is theirs, whoever wrote the last change. */
  readonly reviewed?: string;
  /** What to do with another collaborator's text where ours would go. */
  readonly onConflict?: "refuse" | "overwrite";
  /** Takes over a document that exists, and writes nothing. */
  readonly adopt?: boolean;
}

interface Observed {
  readonly contractId: string;
  /** Version last read, to update from. */
  readonly version: string;
  /** Digest of the text in governance. */
  readonly textDigest: string;
  /** Digest of all that an approver agrees to: text, approvers, datasets. */
  readonly digest: string;
  /** Object ids of those who must accept it, as the draft names them. */
  readonly approvers: readonly string[];
  /** Owner of each dataset it uses, by the dataset's document id. */
  readonly owners: Readonly<Record<string, string>>;
  /** Whether the text in governance is another than this program's. */
  readonly amendedByOthers: boolean;
  /** As far as it can be known: governance records no author of a draft's text. */
  readonly lastChangedBy: "this program" | "another collaborator";
}

const LABELS = { type: "spark-application" };

export const queryDraft: Handler<QueryDraftInputs, Observed> = {
  inputs: ["collaboration", "documentId", "segments", "inputs", "output", "reviewed", "onConflict", "adopt"],
  replaceOn: ["collaboration", "documentId"],

  idOf: (_room, news) => Promise.resolve(news.documentId),

  check: (news) => [
    ...documentIdProblems("documentId", news.documentId),
    ...queryProblems(news),
    ...(news.onConflict === undefined ? [] : choiceProblems("onConflict", news.onConflict, ["refuse", "overwrite"])),
  ],

  async foresee(room, news, known) {
    if (isKnown([news.inputs, news.output])) {
      await datasetsOf(room, news);
    }
    if (!isKnown(news)) {
      return;
    }
    const document = await room.governance.document(news.documentId);
    if (known === undefined) {
      await requireFree(room, document, news);
    } else if (document !== undefined && textDigest(news) !== textDigest(known.state)) {
      await foreseeChange(room, document, known.state, news);
    }
  },

  async isPending(room, id, state) {
    const document = await required(room, id);
    const now = await reviewOf(room, document);
    if (now.digest === state.digest) {
      return false;
    }
    const difference = queryDifference(state, now.query, "this program", `in governance, ${document.state}`);
    if (difference !== "") {
      say(
        `Query '${id}' was changed by another collaborator; review it and, to propose it so, name its digest:\n${difference}\ndigest ${now.digest}`,
      );
    }
    return true;
  },

  async create(room, news) {
    const before = await room.governance.document(news.documentId);
    if (await requireFree(room, before, news)) {
      await write(room, news, before?.version);
    }
    return { id: news.documentId, state: await observe(room, news) };
  },

  async update(room, id, state, news) {
    if (textDigest(news) === textDigest(state)) {
      return observe(room, news);
    }
    const document = await required(room, id);
    if (await isOurs(room, document, news)) {
      return observe(room, news);
    }
    if (document.state === "Accepted" || (undoes(news, queryOf(document), state) && news.onConflict !== "overwrite")) {
      throw conflict(document, news);
    }
    let { version } = document;
    if (document.state === "Proposed" && document.proposalId !== undefined) {
      await withdrawProposal(room, document.proposalId);
      ({ version } = await required(room, id));
      say(`Query '${id}': the open proposal was withdrawn, because its text changes.`);
    }
    await write(room, news, version);
    return observe(room, news);
  },

  async read(room, id, state) {
    return (await room.governance.document(id)) === undefined ? undefined : observe(room, state);
  },

  delete(_room, id) {
    say(`Query '${id}' stays in governance, where no document can be deleted.`);
    return Promise.resolve();
  },
};

/**
 * Whether there is something to write. Fails where the id holds another text than ours, and the program does not say to
 * overwrite it, or it is none that may be overwritten.
 */
async function requireFree(room: CleanRoom, found: UserDocument | undefined, news: QueryDraftInputs): Promise<boolean> {
  if (found === undefined) {
    if (news.adopt === true) {
      throw new InvalidInputError(
        `Query '${news.documentId}' can't be adopted: governance has none of this id. Correct the documentId, or leave adopt out to have it written.`,
      );
    }
    return true;
  }
  if (await isOurs(room, found, news)) {
    return false;
  }
  if (news.adopt === true || news.onConflict !== "overwrite" || found.state !== "Draft") {
    throw conflict(found, news);
  }
  return true;
}

async function foreseeChange(
  room: CleanRoom,
  document: UserDocument,
  before: QueryDraftInputs,
  news: QueryDraftInputs,
): Promise<void> {
  if (await isOurs(room, document, news)) {
    return;
  }
  if (document.state === "Accepted") {
    throw new InvalidInputError(
      `Query '${document.id}' is accepted, and an accepted query can't be changed. Give the changed one another documentId; its approvers review it anew.`,
    );
  }
  const found = queryOf(document);
  if (undoes(news, found, before) && news.onConflict !== "overwrite") {
    throw conflict(document, news);
  }
  const withdrawn = document.state === "Proposed" ? "its open proposal withdrawn, and its text changed" : "changed";
  say(
    `Query '${document.id}' will be ${withdrawn}:\n${queryDifference(found, news, `in governance, ${document.state}`, "this program")}`,
  );
}

/** Ours: our text, or the very content that the program says it agreed to. */
async function isOurs(room: CleanRoom, document: UserDocument, news: QueryDraftInputs): Promise<boolean> {
  return (
    textDigest(queryOf(document)) === textDigest(news) ||
    (news.reviewed !== undefined && (await reviewOf(room, document)).digest === news.reviewed)
  );
}

async function write(room: CleanRoom, news: QueryDraftInputs, version: string | undefined): Promise<void> {
  const { documentId } = news;
  const approvers = ownersOf(await datasetsOf(room, news));
  const content = {
    contractId: await room.contractId(),
    data: JSON.stringify(toApplication(documentId, news)),
    labels: LABELS,
    approvers: approvers.map((approverId) => ({ approverId, approverIdType: "user" })),
    ...(version === undefined ? {} : { version }),
  };
  const step = `${version === undefined ? "create" : "update"} draft '${documentId}'`;
  try {
    await writeDocument(room, documentId, content, step, (data) => data === content.data);
  } catch (error) {
    const found = await room.governance.document(documentId);
    if (found !== undefined && textDigest(queryOf(found)) === textDigest(news)) {
      return; // ours after all: an earlier try of ours arrived
    }
    throw error instanceof RefusedError && found !== undefined ? conflict(found, news) : error;
  }
}

async function observe(room: CleanRoom, news: QueryDraftInputs): Promise<Observed> {
  const document = await required(room, news.documentId);
  const { digest, query, approvers, contractId, datasets } = await reviewOf(room, document);
  const text = textDigest(query);
  return {
    contractId,
    version: document.version,
    textDigest: text,
    digest,
    approvers,
    owners: Object.fromEntries(datasets.map((dataset) => [dataset.documentId, dataset.owner])),
    amendedByOthers: text !== textDigest(news),
    lastChangedBy: text === textDigest(news) ? "this program" : "another collaborator",
  };
}

async function required(room: CleanRoom, id: string): Promise<UserDocument> {
  const document = await room.governance.document(id);
  if (document === undefined) {
    throw new ContentMismatchError(
      `Query '${id}' is in this stack's state, but governance does not have it. \`pulumi refresh\`, then \`pulumi up\`, writes it again.`,
    );
  }
  return document;
}

function conflict(document: UserDocument, news: QueryDraftInputs): ContentMismatchError {
  const remedy =
    document.state === "Draft"
      ? "Take the change over into this program, or set onConflict: 'overwrite' to replace it."
      : "Choose another documentId.";
  return new ContentMismatchError(
    `Query '${document.id}' exists as ${document.state}, with a text that this program did not write. ${remedy}\n` +
      queryDifference(queryOf(document), news, "in governance", "this program"),
  );
}
