// Our part of another collaborator's draft: the segments whose sequence we name, and nothing else of it.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, messageOf, RefusedError } from "../errors";
import type { Handler, Progress } from "../handler";
import { say } from "../log";
import { queryDifference } from "../model/difference";
import { amended, textDigest, toApplication, type QueryContent, type Segment } from "../model/query";
import { documentIdProblems, segmentProblems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { queryOf } from "../services/documents";

export interface QueryAmendmentInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  readonly segments: readonly Segment[];
}

interface Observed extends Progress {
  /** Digest of our segments, as they stand in the document. */
  readonly textDigest: string;
}

export const queryAmendment: Handler<QueryAmendmentInputs, Observed> = {
  inputs: ["collaboration", "documentId", "segments"],
  replaceOn: ["collaboration", "documentId"],

  async check(room, { documentId, segments }) {
    const problems = [...documentIdProblems("documentId", documentId), ...segmentProblems(segments)];
    if (problems.length === 0) {
      await room.verify();
    }
    return problems;
  },

  async isPending(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    if (state.status === "waiting") {
      announce(document, state.segments);
      return true;
    }
    return document !== undefined && document.state === "Draft" && !isApplied(queryOf(document), state.segments);
  },

  async create(room, news) {
    return { id: `${news.documentId}-amendment`, state: await apply(room, news) };
  },

  update: (room, _id, _state, news) => apply(room, news),

  async read(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    if (document === undefined || !isApplied(queryOf(document), state.segments)) {
      return waiting(document, state.status === "waiting" ? state.reason : undefined);
    }
    return ready(state.segments);
  },

  delete(_room, _id, { documentId }) {
    say(`Our segments stay in query '${documentId}': its author decides what becomes of the draft.`);
    return Promise.resolve();
  },
};

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

async function apply(room: CleanRoom, news: QueryAmendmentInputs): Promise<Observed> {
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
    await room.governance.putDocument(documentId, content, `amend draft '${documentId}'`);
  } catch (error) {
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

function ready(segments: readonly Segment[]): Observed {
  return { status: "ready", reason: "", textDigest: partDigest(segments) };
}

function waiting(document: UserDocument | undefined, reason?: string): Observed {
  const why =
    document === undefined
      ? "the query's draft does not exist yet: its author has to create it"
      : document.state === "Proposed"
        ? "the query is proposed without this amendment: its author has to withdraw it, or its approvers to decide"
        : "the draft does not hold our segments";
  return { status: "waiting", reason: reason ?? why, textDigest: "" };
}

function partDigest(segments: readonly Segment[]): string {
  return textDigest({ segments, inputs: [], output: { documentId: "", view: "" } });
}
