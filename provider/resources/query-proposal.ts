// The proposal of a query: made of exactly the content whose digest its author names, with the owners of its datasets
// as approvers.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { isKnown } from "../model/unknown";
import { documentIdProblems, waitProblems } from "../model/validate";
import { persist, since, type Progress } from "../progress";
import type { CleanRoom } from "../services/clean-room";
import { requireVotes, reviewOf } from "../services/documents";
import { proposeDocument, withdrawProposal } from "../services/writes";
import { castVote, digestProblems } from "./vote";

export interface QueryProposalInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  /** Digest of the content to propose; without it the query stays a draft. */
  readonly digest?: string;
  readonly waitSeconds?: number;
}

interface Observed extends Progress {
  readonly proposalId: string;
  readonly state: "Draft" | "Proposed" | "Accepted" | "Rejected";
  /** Whether other collaborators may still change the text: governance takes anybody's change to a draft. */
  readonly amendable: boolean;
  /** Object ids of those who must accept. */
  readonly approvers: readonly string[];
  /** Those who have accepted. */
  readonly accepted: readonly string[];
  /** Those whose vote is missing. */
  readonly awaited: readonly string[];
}

type Seen = Omit<Observed, "since">;

export const queryProposal: Handler<QueryProposalInputs, Observed> = {
  inputs: ["collaboration", "documentId", "digest", "waitSeconds"],
  replaceOn: ["collaboration", "documentId"],

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check: ({ documentId, digest, waitSeconds }) => [
    ...documentIdProblems("documentId", documentId),
    ...digestProblems("propose", digest),
    ...waitProblems(waitSeconds),
  ],

  async foresee(room, news) {
    if (isKnown(news.documentId)) {
      await refuseOther(room, news);
    }
  },

  async isPending(room, _id, state) {
    if (state.status === "waiting") {
      await refuseOther(room, state);
      return true;
    }
    const document = await room.governance.document(state.documentId);
    if (state.status === "ready") {
      if (document !== undefined) {
        await requireNamed(room, document, state.digest);
      }
      return document?.state !== "Accepted";
    }
    if (document?.state === "Draft") {
      return false; // What was rejected waits for another digest.
    }
    await refuseOther(room, state);
    return true;
  },

  async create(room, news) {
    return { id: idOf(news), state: await establish(room, news, undefined) };
  },

  update: (room, _id, state, news) => establish(room, news, state),

  resume: (room, _id, state, news) => establish(room, news, state),

  async read(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    return document && since(await observe(room, document, state, state), state);
  },

  async delete(room, _id, { documentId }) {
    const document = await room.governance.document(documentId);
    const { oid } = await room.caller();
    if (document?.state === "Proposed" && document.proposalId !== undefined && document.proposerId === oid) {
      await withdrawProposal(room, document.proposalId);
      say(`Query '${documentId}': its open proposal is withdrawn.`);
    } else if (document?.state === "Accepted") {
      say(
        `Query '${documentId}' stays accepted: its approvers can disable its use, nobody can take the acceptance back.`,
      );
    }
  },
};

function idOf({ documentId }: QueryProposalInputs): string {
  return `${documentId}-proposal`;
}

type Before = Partial<QueryProposalInputs & Observed>;

function establish(room: CleanRoom, news: QueryProposalInputs, before: Before | undefined): Promise<Observed> {
  return persist<Seen>(`Query '${news.documentId}'`, news.waitSeconds, before, async (latest) => {
    const now = await advance(room, news, latest === before ? before : { ...news, ...latest });
    // A draft waits for its own author: nobody else's act makes it a proposal.
    return { ...now, hopeless: now.state === "Draft" };
  });
}

/** In preview: fails where what is there is not what the digest names. */
async function refuseOther(room: CleanRoom, { documentId, digest }: QueryProposalInputs): Promise<void> {
  const document = digest === undefined || !isKnown(digest) ? undefined : await room.governance.document(documentId);
  if (document !== undefined) {
    await requireNamed(room, document, digest);
  }
}

async function advance(room: CleanRoom, news: QueryProposalInputs, before: Before | undefined): Promise<Seen> {
  const { documentId, digest } = news;
  const document = await room.governance.document(documentId);
  if (document === undefined) {
    throw new ContentMismatchError(`Query '${documentId}' can't be proposed: governance has no such draft.`);
  }
  if (digest !== undefined) {
    const review = await requireNamed(room, document, digest);
    requireOwners(documentId, review.approvers, review.owners);
    // What was rejected is not proposed again unasked: that takes another content, so another digest.
    const rejected = before?.digest === digest && (await wasRejected(room, before));
    if (document.state === "Draft" && !rejected) {
      await propose(room, document);
    }
    const { oid } = await room.caller();
    if (review.approvers.includes(oid)) {
      await castVote(room, documentId, digest, "accept");
    }
  }
  const now = (await room.governance.document(documentId)) ?? document;
  if (now.state !== "Draft") {
    await requireNamed(room, now, digest);
  }
  return observe(room, now, news, before);
}

/** Another run of ours may have been faster: what is proposed is looked at afterwards in any case. */
async function propose(room: CleanRoom, { id, version }: UserDocument): Promise<void> {
  try {
    await proposeDocument(room, id, version);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== "UserDocumentAlreadyProposed") {
      throw error;
    }
  }
}

async function wasRejected(room: CleanRoom, { proposalId = "" }: Before): Promise<boolean> {
  return proposalId !== "" && (await room.governance.proposalStatus(proposalId)).state === "Rejected";
}

async function observe(
  room: CleanRoom,
  document: UserDocument,
  { digest }: QueryProposalInputs,
  before?: Before,
): Promise<Seen> {
  const approvers = document.approvers.map(({ approverId }) => approverId).sort();
  if (document.state === "Draft") {
    return draft(room, document, approvers, digest, before);
  }
  requireVotes(document);
  const ballots =
    document.state === "Accepted"
      ? (document.finalVotes ?? [])
      : (await room.governance.proposalStatus(document.proposalId ?? "")).ballots;
  const accepted = ballots.filter(({ ballot }) => ballot === "accepted").map(({ approverId }) => approverId);
  const awaited = approvers.filter((id) => !accepted.includes(id));
  return {
    status: document.state === "Accepted" ? "ready" : "waiting",
    reason: document.state === "Accepted" ? "" : `the votes of ${awaited.join(", ")} are awaited`,
    proposalId: document.proposalId ?? "",
    state: document.state,
    amendable: false,
    approvers,
    accepted: accepted.sort(),
    awaited,
  };
}

async function draft(
  room: CleanRoom,
  document: UserDocument,
  approvers: readonly string[],
  digest: string | undefined,
  before: Before | undefined,
): Promise<Seen> {
  const open = { state: "Draft", amendable: true, approvers, accepted: [], awaited: approvers } as const;
  const last = before?.proposalId ?? "";
  const status = last === "" ? undefined : await room.governance.proposalStatus(last);
  if (status?.state === "Rejected") {
    const by = status.ballots.filter(({ ballot }) => ballot === "rejected").map(({ approverId }) => approverId);
    const reason = `${by.join(", ")} rejected it: change the query, and name the new digest`;
    return { ...open, state: "Rejected", status: "rejected", reason, proposalId: last };
  }
  const { digest: current } = await reviewOf(room, document);
  const reason =
    digest === undefined
      ? `nothing is proposed yet: review the draft, and name its digest ${current} in propose`
      : "the proposal was withdrawn";
  return { ...open, status: "waiting", reason, proposalId: "" };
}

async function requireNamed(
  room: CleanRoom,
  document: UserDocument,
  digest: string | undefined,
): ReturnType<typeof reviewOf> {
  const review = await reviewOf(room, document);
  if (digest !== undefined && review.digest !== digest) {
    throw new ContentMismatchError(
      `Query '${document.id}' is not what 'propose' names: its digest is ${review.digest}, named is ${digest}. Somebody changed the draft, its approvers or its datasets since. Review it again, then name its digest.`,
    );
  }
  return review;
}

function requireOwners(id: string, approvers: readonly string[], owners: readonly string[]): void {
  const missing = owners.filter((owner) => !approvers.includes(owner));
  const extra = approvers.filter((approver) => !owners.includes(approver));
  if (missing.length > 0 || extra.length > 0) {
    throw new InvalidInputError(
      `Query '${id}' names other approvers than the owners of its datasets (missing: ${missing.join(", ") || "none"}; too many: ${extra.join(", ") || "none"}). Have it written anew: set onConflict: 'overwrite' on the query, review it, and name its new digest.`,
    );
  }
}
