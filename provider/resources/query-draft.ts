// A query's draft: written once, and never over another collaborator's change unless the program says so. Every write is
// of the version that was looked at, so that governance refuses it when somebody was faster.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import type { Handler, Known } from "../handler";
import { say } from "../log";
import { canonicalJson } from "../model/canonical";
import { queryDifference, reviewDifference } from "../model/difference";
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
  /** Version of what was observed. */
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
    const isWritten = await mustWrite(room, document, news, known?.isReplaced === true ? undefined : known);
    if (isWritten && document !== undefined) {
      const what = document.state === "Proposed" ? "its open proposal withdrawn, and its text changed" : "changed";
      const difference = queryDifference(queryOf(document), news, `in governance, ${document.state}`, "this program");
      say(`Query '${document.id}' will be ${what}:\n${difference}`);
    }
  },

  async isPending(room, id, state) {
    const document = await required(room, id);
    const now = await reviewOf(room, document);
    if (now.digest === state.digest) {
      return false;
    }
    const before = { query: state, approvers: state.approvers };
    const difference = reviewDifference(before, now, "this program", `in governance, ${document.state}`);
    if (difference !== "") {
      say(
        `Query '${id}' was changed by another collaborator; review it and, to propose it so, name its digest:\n${difference}\ndigest ${now.digest}`,
      );
    }
    return true;
  },

  async create(room, news) {
    return { id: news.documentId, state: await establish(room, news, undefined) };
  },

  update: (room, id, state, news) => establish(room, news, { id, state, isReplaced: false, isUnconfirmed: false }),

  resume: (room, id, state, news) => establish(room, news, { id, state, isReplaced: false, isUnconfirmed: true }),

  async read(room, id, state) {
    return (await room.governance.document(id)) === undefined ? undefined : observe(room, state);
  },

  delete(_room, id) {
    say(`Query '${id}' stays in governance, where no document can be deleted.`);
    return Promise.resolve();
  },
};

type KnownDraft = Known<QueryDraftInputs, Observed>;

async function establish(room: CleanRoom, news: QueryDraftInputs, known: KnownDraft | undefined): Promise<Observed> {
  const { documentId } = news;
  let document = await room.governance.document(documentId);
  if (!(await mustWrite(room, document, news, known))) {
    return observe(room, news);
  }
  if (document?.state === "Proposed" && document.proposalId !== undefined) {
    await withdrawProposal(room, document.proposalId);
    say(`Query '${documentId}': the open proposal was withdrawn, because its text changes.`);
    // Beneath the proposal the draft could go on being changed.
    document = await required(room, documentId);
    if (!(await mustWrite(room, document, news, known))) {
      return observe(room, news);
    }
  }
  return written(room, news, document?.version);
}

/**
 * Whether our text is to be written. Fails where that would undo what others have done and the program does not say to
 * overwrite it, and where it can't be written at all.
 */
async function mustWrite(
  room: CleanRoom,
  document: UserDocument | undefined,
  news: QueryDraftInputs,
  known: KnownDraft | undefined,
): Promise<boolean> {
  if (document === undefined) {
    return isMissing(news, known);
  }
  const overwrites = news.onConflict === "overwrite" && news.adopt !== true;
  const text = textDigest(queryOf(document));
  if (text === textDigest(news)) {
    return overwrites && document.state !== "Accepted" && !(await hasOwners(room, document));
  }
  const isChanged = known !== undefined && !known.isUnconfirmed && textDigest(news) !== textDigest(known.state);
  if (isChanged && news.reviewed !== undefined && news.reviewed === known.state.reviewed) {
    throw new InvalidInputError(
      `Query '${document.id}': its text changed, but \`propose\` still names the digest of the text before. Leave \`propose\` out to have the new text drafted; then review it, and name its digest.`,
    );
  }
  if (news.reviewed !== undefined && (await reviewOf(room, document)).digest === news.reviewed) {
    return false; // the very content that the program says it agreed to, whoever wrote it
  }
  if (known !== undefined && !known.isUnconfirmed && !isChanged && !overwrites) {
    return false; // somebody's change of it, which is shown
  }
  if (document.state === "Accepted" && known !== undefined) {
    throw new InvalidInputError(
      `Query '${document.id}' is accepted, and an accepted query can't be changed. Give the changed one another documentId; its approvers review it anew.`,
    );
  }
  if (!overwrites && !isOursToChange(text, queryOf(document), news, known)) {
    throw conflict(document, news);
  }
  const { oid } = await room.caller();
  const isFree = document.state === "Draft" || (document.proposerId === oid && known !== undefined);
  if (!isFree) {
    throw conflict(document, news);
  }
  return true;
}

function isMissing({ documentId, adopt }: QueryDraftInputs, known: KnownDraft | undefined): boolean {
  if (known !== undefined && !known.isUnconfirmed) {
    throw missing(documentId);
  }
  if (adopt === true && known === undefined) {
    throw new InvalidInputError(
      `Query '${documentId}' can't be adopted: governance has none of this id. Correct the documentId, or leave adopt out to have it written.`,
    );
  }
  return true;
}

/** Whether nothing of others is lost when our text is written over the one that is there. */
function isOursToChange(
  text: string,
  found: QueryContent,
  news: QueryDraftInputs,
  known: KnownDraft | undefined,
): boolean {
  if (known === undefined) {
    return false;
  }
  // What broke off was either written or not.
  const wasOurs = known.isUnconfirmed && (text === textDigest(known.state) || text === known.state.textDigest);
  return wasOurs || (!known.isUnconfirmed && !undoes(news, found, known.state));
}

/** Whether exactly the owners of its datasets have to accept it. */
async function hasOwners(room: CleanRoom, document: UserDocument): Promise<boolean> {
  const { approvers, owners } = await reviewOf(room, document);
  return canonicalJson([...approvers].sort()) === canonicalJson(owners);
}

/** Writes the text, which counts once governance shows it. */
async function written(room: CleanRoom, news: QueryDraftInputs, version: string | undefined): Promise<Observed> {
  await write(room, news, version);
  const state = await observe(room, news);
  // Another text of a later version is somebody's who was quick; of the version before, our write was lost.
  if (state.amendedByOthers && state.version === version) {
    throw new ContentMismatchError(
      `Query '${news.documentId}' was written, but governance still shows the text of before. Run \`pulumi up\` again.`,
    );
  }
  return state;
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
    const found = await room.governance.document(documentId).catch(() => undefined);
    if (found !== undefined && textDigest(queryOf(found)) === textDigest(news)) {
      return; // ours after all: an earlier try of ours arrived
    }
    const isTaken = error instanceof RefusedError && [405, 409, 412].includes(error.status);
    throw isTaken && found !== undefined ? conflict(found, news) : error;
  }
}

async function observe(room: CleanRoom, news: QueryDraftInputs): Promise<Observed> {
  const document = await required(room, news.documentId);
  const { digest, query, approvers, contractId, datasets, owners } = await reviewOf(room, document);
  const text = textDigest(query);
  const isOurs = text === textDigest(news) && canonicalJson([...approvers].sort()) === canonicalJson(owners);
  return {
    contractId,
    version: document.version,
    textDigest: text,
    digest,
    approvers,
    owners: Object.fromEntries(datasets.map((dataset) => [dataset.documentId, dataset.owner])),
    amendedByOthers: text !== textDigest(news),
    lastChangedBy: isOurs ? "this program" : "another collaborator",
  };
}

async function required(room: CleanRoom, id: string): Promise<UserDocument> {
  const document = await room.governance.document(id);
  if (document === undefined) {
    throw missing(id);
  }
  return document;
}

function missing(id: string): ContentMismatchError {
  return new ContentMismatchError(
    `Query '${id}' is in this stack's state, but governance does not have it. \`pulumi refresh\`, then \`pulumi up\`, writes it again.`,
  );
}

function conflict(document: UserDocument, news: QueryDraftInputs): ContentMismatchError {
  const remedy =
    document.state === "Draft"
      ? "Take the change over into this program, or set onConflict: 'overwrite' to replace it."
      : document.state === "Proposed"
        ? `It was proposed by ${document.proposerId ?? "somebody"}: agree with them that it is withdrawn, or choose another documentId.`
        : "Choose another documentId.";
  return new ContentMismatchError(
    `Query '${document.id}' exists as ${document.state}, with a text that this program did not write. ${remedy}\n` +
      queryDifference(queryOf(document), news, "in governance", "this program"),
  );
}
