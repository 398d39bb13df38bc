// Our vote on a query: cast only on the content whose digest we reviewed, and checked against it on every preview.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, InvalidInputError } from "../errors";
import type { Handler, Progress } from "../handler";
import { say } from "../log";
import { queryDifference } from "../model/difference";
import type { QueryContent } from "../model/query";
import { isKnown } from "../model/unknown";
import { documentIdProblems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { requireVotes, reviewOf } from "../services/documents";
import { castVote, digestProblems } from "./vote";

export interface QueryApprovalInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  /** Digest of what was reviewed; without it no vote is cast. */
  readonly digest?: string;
  readonly decision?: "accept" | "reject";
}

interface Observed extends Progress {
  /** Our ballot: `accepted`, `rejected`, or empty when none is cast. */
  readonly ballot: "accepted" | "rejected" | "";
  /** Digest of what governance holds now; empty when there is nothing to review. */
  readonly pendingDigest: string;
  /** The text that was reviewed, so that a later change can be shown as a difference. */
  readonly reviewed?: QueryContent;
}

export const queryApproval: Handler<QueryApprovalInputs, Observed> = {
  inputs: ["collaboration", "documentId", "digest", "decision"],
  replaceOn: ["collaboration", "documentId"],

  async check(room, news, olds) {
    const { documentId, digest, decision } = news;
    const problems = [...documentIdProblems("documentId", documentId), ...digestProblems("digest", digest)];
    if (decision !== undefined && decision !== "accept" && decision !== "reject") {
      problems.push(`decision is '${String(decision)}': use accept or reject.`);
    }
    if (problems.length === 0) {
      await room.verify();
      if (olds === undefined) {
        await refuseOther(room, news, undefined);
      }
    }
    return problems;
  },

  checkChange: (room, _id, state, news) => refuseOther(room, news, state.reviewed),

  async isPending(room, _id, state) {
    if (state.status === "waiting") {
      await refuseOther(room, state, state.reviewed);
      return true;
    }
    const document = await room.governance.document(state.documentId);
    if (document === undefined || state.ballot !== "accepted") {
      return false;
    }
    await requireReviewed(room, document, state, state.reviewed);
    return document.state === "Draft";
  },

  async create(room, news) {
    return { id: `${news.documentId}-approval`, state: await advance(room, news, undefined) };
  },

  update: (room, _id, state, news) => advance(room, news, state.reviewed),

  async read(room, _id, state) {
    const document = await room.governance.document(state.documentId);
    if (document?.state === "Draft" && state.ballot === "rejected") {
      return {
        status: "ready",
        reason: "",
        ballot: "rejected",
        pendingDigest: state.pendingDigest,
        reviewed: state.reviewed,
      };
    }
    if (document === undefined || document.state === "Draft") {
      return notYet(document);
    }
    const { digest } = await reviewOf(room, document);
    const ballot = await ballotOf(room, document);
    return {
      status: ballot === "" ? "waiting" : "ready",
      reason: ballot === "" ? state.reason : "",
      ballot,
      pendingDigest: digest,
      ...(state.reviewed === undefined ? {} : { reviewed: state.reviewed }),
    };
  },

  async delete(room, _id, { documentId, ballot }) {
    if (ballot !== "accepted") {
      return;
    }
    const stays = `Our vote on query '${documentId}' stays, since no vote can be taken back`;
    const disabled = await room.giveUpConsent(documentId);
    say(disabled ? `${stays}; our consent to run it is disabled.` : `${stays}; the query is not accepted yet.`);
  },
};

async function advance(
  room: CleanRoom,
  news: QueryApprovalInputs,
  reviewed: QueryContent | undefined,
): Promise<Observed> {
  const { documentId, digest, decision = "accept" } = news;
  const document = await room.governance.document(documentId);
  if (document === undefined || document.state === "Draft") {
    return notYet(document);
  }
  if (digest === undefined) {
    const review = await reviewOf(room, document);
    const reason = `it is ${document.state.toLowerCase()} and was not reviewed here yet: review it, and name its digest ${review.digest}`;
    return { status: "waiting", reason, ballot: "", pendingDigest: review.digest };
  }
  const review = await requireReviewed(room, document, news, reviewed);
  const { oid } = await room.caller();
  if (!review.approvers.includes(oid)) {
    throw new InvalidInputError(
      `Query '${documentId}': ${oid} is not among its approvers (${review.approvers.join(", ")}), so it has no vote. Sign in as one of them, or leave this approval out.`,
    );
  }
  await castVote(room, documentId, digest, decision);
  const now = (await room.governance.document(documentId)) ?? document;
  const ballot = now.state === "Draft" && decision === "reject" ? "rejected" : await ballotOf(room, now);
  if (ballot === "") {
    return notYet(now); // it was withdrawn, or rejected by another, before our vote came
  }
  if (document.state === "Accepted" && ballot === "accepted") {
    // It was accepted before, and perhaps given up: it may run again.
    await room.setConsent(documentId, "enable");
  }
  return { status: "ready", reason: "", ballot, pendingDigest: review.digest, reviewed: review.query };
}

/** In preview: fails where what is open for votes, or accepted, is not what the digest names. */
async function refuseOther(
  room: CleanRoom,
  news: QueryApprovalInputs,
  reviewed: QueryContent | undefined,
): Promise<void> {
  if (news.digest === undefined || !isKnown(news)) {
    return;
  }
  const document = await room.governance.document(news.documentId);
  if (document !== undefined && document.state !== "Draft") {
    await requireReviewed(room, document, news, reviewed);
  }
}

/** The review of what governance holds. Fails unless that is exactly what was reviewed, with every owner among the approvers and all their votes. */
async function requireReviewed(
  room: CleanRoom,
  document: UserDocument,
  { digest }: QueryApprovalInputs,
  reviewed: QueryContent | undefined,
): ReturnType<typeof reviewOf> {
  requireVotes(document);
  const review = await reviewOf(room, document);
  const missing = review.owners.filter((owner) => !review.approvers.includes(owner));
  if (missing.length > 0) {
    throw new ContentMismatchError(
      `Query '${document.id}' would run without the consent of ${missing.join(", ")}, who own datasets of it and are not among its approvers. Do not accept it; its author has to propose it with all owners.`,
    );
  }
  if (review.digest !== digest) {
    const difference =
      reviewed === undefined
        ? ""
        : queryDifference(reviewed, review.query, "reviewed", `in governance, ${document.state}`);
    throw new ContentMismatchError(
      `Query '${document.id}' is not what was reviewed: its digest is ${review.digest}, reviewed was ${digest ?? "none"}. ` +
        `Its text, its approvers or its datasets differ. Review it again; name the new digest only if you agree.${difference === "" ? "" : `\n${difference}`}`,
    );
  }
  return review;
}

async function ballotOf(room: CleanRoom, document: UserDocument): Promise<Observed["ballot"]> {
  const { oid } = await room.caller();
  const ballots =
    document.state === "Accepted"
      ? (document.finalVotes ?? [])
      : document.proposalId === undefined
        ? []
        : (await room.governance.proposalStatus(document.proposalId)).ballots;
  return ballots.find(({ approverId }) => approverId === oid)?.ballot ?? "";
}

function notYet(document: UserDocument | undefined): Observed {
  const reason =
    document === undefined ? "the query does not exist yet" : "the query is a draft: its author has to propose it";
  return { status: "waiting", reason, ballot: "", pendingDigest: "" };
}
