// Our part of another collaborator's draft: the segments whose sequence we name, and nothing else of it.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, messageOf, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { queryDifference } from "../model/difference";
import { amended, textDigest, toApplication, type QueryContent, type Segment } from "../model/query";
import { isKnown } from "../model/unknown";
import { documentIdProblems, segmentProblems, waitProblems } from "../model/validate";
import { persist, since, type Progress, type Status } from "../progress";
import type { CleanRoom } from "../services/clean-room";
import { queryOf } from "../services/documents";
import { writeDocument } from "../services/writes";

export interface QueryAmendmentInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  readonly segments: readonly Segment[];
  readonly waitSeconds?: number;
}

interface Observed extends Progress {
  /** Digest of our segments, as they stand in the document. */
  readonly textDigest: string;
}

export const queryAmendment: Handler<QueryAmendmentInputs, Observed> = {
  inputs: ["collaboration", "documentId", "segments", "waitSeconds"],
  replaceOn: ["collaboration", "documentId"],

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check: ({ documentId, segments, waitSeconds }) => [
    ...documentIdProblems("documentId", documentId),
    ...segmentProblems(segments),
    ...waitProblems(waitSeconds),
  ],

  async foresee(room, news) {
    if (isKnown(news)) {
      announce(await room.governance.document(news.documentId), news.segments);
    }
  },

  async isPending(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    if (document === undefined || !isApplied(queryOf(document), state.segments)) {
      announce(document, state.segments);
      return true;
    }
    return state.status === "waiting";
  },

  async create(room, news) {
    return { id: idOf(news), state: await establish(room, news) };
  },

  update: (room, _id, state, news) => establish(room, news, state),

  resume: (room, _id, state, news) => establish(room, news, state),

  async read(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    const isThere = document !== undefined && isApplied(queryOf(document), state.segments);
    return since(isThere ? ready(state.segments) : waiting(document), state);
  },

  delete(_room, _id, { documentId }) {
    say(`Our segments stay in query '${documentId}': its author decides what becomes of the draft.`);
    return Promise.resolve();
  },
};

function idOf({ documentId }: QueryAmendmentInputs): string {
  return `${documentId}-amendment`;
}

function establish(room: CleanRoom, news: QueryAmendmentInputs, before?: Partial<Observed>): Promise<Observed> {
  const what = `The amendment of query '${news.documentId}'`;
  return persist(what, news.waitSeconds, before, () => apply(room, news));
}

/** Shows in the preview what `up` is going to change in the draft. */
function announce(document: UserDocument | undefined, segments: readonly Segment[]): void {
  if (document?.state !== "Draft") {
    return;
  }
  const before = queryOf(document);
  const difference = queryDifference(before, amended(before, segments), "draft", "with our segments");
  if (difference !== "") {
    say(`Query '${document.id}' will be amended:\n${difference}`);
  }
}

type Applied = Status & Pick<Observed, "textDigest">;

async function apply(room: CleanRoom, news: QueryAmendmentInputs): Promise<Applied> {
  const { documentId, segments } = news;
  const document = await room.governance.document(documentId);
  if (document === undefined) {
    return waiting(document);
  }
  const before = queryOf(document);
  if (isApplied(before, segments)) {
    return ready(segments);
  }
  if (document.state === "Accepted") {
    throw new ContentMismatchError(
      `Query '${documentId}' is accepted without this amendment, and an accepted query can't be changed. Agree with its author on a new one.\n` +
        queryDifference(before, amended(before, segments), "accepted", "with our segments"),
    );
  }
  if (document.state === "Proposed") {
    return waiting(document);
  }
  const after = amended(before, segments);
  const content = {
    contractId: document.contractId,
    data: JSON.stringify(toApplication(documentId, after)),
    labels: { ...document.labels },
    approvers: document.approvers,
    version: document.version,
  };
  try {
    const step = `amend draft '${documentId}'`;
    await writeDocument(room, documentId, content, step, (data) => data === content.data);
  } catch (error) {
    const found = await room.governance.document(documentId).catch(() => undefined);
    if (found !== undefined && isApplied(queryOf(found), segments)) {
      return ready(segments); // ours after all: an earlier try of ours arrived
    }
    if (!(error instanceof RefusedError) || error.status !== 412) {
      throw error;
    }
    throw new ContentMismatchError(
      `Query '${documentId}' was changed by somebody while it was being amended, so nothing was written. Run \`pulumi up\` again: it starts from their text. (${messageOf(error)})`,
      { cause: error },
    );
  }
  const now = await room.governance.document(documentId);
  if (now === undefined || !isApplied(queryOf(now), segments)) {
    throw new ContentMismatchError(
      `Query '${documentId}': the amendment was taken, but the draft does not show it. Run \`pulumi up\` again.`,
    );
  }
  return ready(segments);
}

/** Whether the query's segments of the sequences we name are exactly ours. */
function isApplied(query: QueryContent, segments: readonly Segment[]): boolean {
  return textDigest(amended(query, segments)) === textDigest(query);
}

function ready(segments: readonly Segment[]): Applied {
  return { status: "ready", reason: "", textDigest: partDigest(segments) };
}

function waiting(document: UserDocument | undefined): Applied {
  return { status: "waiting", reason: whyWaiting(document), textDigest: "" };
}

function whyWaiting(document: UserDocument | undefined): string {
  switch (document?.state) {
    case undefined:
      return "the query's draft does not exist yet: its author has to create it";
    case "Draft":
      return "the draft does not hold our segments";
    case "Proposed":
      return "the query is proposed without this amendment: its author has to withdraw it, or its approvers to decide";
    case "Accepted":
      return "the query is accepted without this amendment";
  }
}

function partDigest(segments: readonly Segment[]): string {
  return textDigest({ segments, inputs: [], output: { documentId: "", view: "" } });
}
