// Our vote on a query: cast only on the content whose digest we reviewed, and checked against it on every preview.
import type { UserDocument } from "../../contract";
import { ContentMismatchError, InvalidInputError } from "../errors";
import type { Handler } from "../handler";
import { say } from "../log";
import { reviewDifference } from "../model/difference";
import type { QueryContent, Reviewable } from "../model/query";
import { isKnown } from "../model/unknown";
import { choiceProblems, documentIdProblems, waitProblems } from "../model/validate";
import { persist, since, type Progress } from "../progress";
import type { CleanRoom } from "../services/clean-room";
import { requireVotes, reviewOf } from "../services/documents";
import { castVote, digestProblems, requireDecision } from "./vote";

export interface QueryApprovalInputs {
  readonly collaboration?: string;
  readonly documentId: string;
  /** Digest of what was reviewed; without it no vote is cast. */
  readonly digest?: string;
  readonly decision?: "accept" | "reject";
  readonly waitSeconds?: number;
}

interface Observed extends Progress {
  /** Our ballot: `accepted`, `rejected`, or empty when none is cast. */
  readonly ballot: "accepted" | "rejected" | "";
  /** Digest of what governance holds now; empty when there is nothing to review. */
  readonly pendingDigest: string;
  /** The text that was reviewed, so that a later change can be shown as a difference. */
  readonly reviewed?: QueryContent;
  /** The approvers and datasets that were reviewed, for the same. */
  readonly reviewedWith?: Pick<Reviewable, "approvers" | "datasets">;
}

type Seen = Omit<Observed, "since">;
/** What was reviewed, as far as the state knows it: earlier releases kept the text alone. */
type Reviewed = Partial<Pick<Observed, "reviewed" | "reviewedWith">>;

export const queryApproval: Handler<QueryApprovalInputs, Observed> = {
  inputs: ["collaboration", "documentId", "digest", "decision", "waitSeconds"],
  replaceOn: ["collaboration", "documentId"],

  idOf: (_room, news) => Promise.resolve(idOf(news)),

  check: ({ documentId, digest, decision, waitSeconds }) => [
    ...documentIdProblems("documentId", documentId),
    ...digestProblems("digest", digest),
    ...(decision === undefined ? [] : choiceProblems("decision", decision, ["accept", "reject"])),
    ...waitProblems(waitSeconds),
  ],

  foresee: (room, news, known) => refuseOther(room, news, known?.isReplaced === true ? {} : (known?.state ?? {})),

  async isPending(room, _id, state) {
    if (state.status === "waiting") {
      await refuseOther(room, state, state);
      return true;
    }
    const document = await room.governance.document(state.documentId);
    if (document === undefined) {
      return true;
    }
    if (state.ballot !== "accepted") {
      return isProposedAnew(room, document);
    }
    if (document.state === "Draft") {
      return true; // It was withdrawn, or rejected by another: our vote is void, and awaited anew.
    }
    await requireReviewed(room, document, state, state);
    // A new proposal of the same content takes a new vote.
    return (await ballotOf(room, document)) !== "accepted";
  },

  async create(room, news) {
    return { id: idOf(news), state: await establish(room, news, undefined) };
  },

  update: (room, _id, state, news) => establish(room, news, state),

  resume: (room, _id, state, news) => establish(room, news, state.ballot === undefined ? undefined : state),

  async read(room, _id, state) {
    const { ballot = "", reviewed, reviewedWith } = state;
    const known = { ...(reviewed && { reviewed }), ...(reviewedWith && { reviewedWith }) };
    const document = await room.governance.document(state.documentId);
    if (document?.state === "Draft" && ballot === "rejected") {
      return since(rejected(state), state);
    }
    if (document === undefined || document.state === "Draft") {
      return since(notYet(document), state);
    }
    const { digest } = await reviewOf(room, document);
    const cast = await ballotOf(room, document);
    const open = { status: "waiting", reason: state.reason || "our vote is not cast", ballot: cast } as const;
    const now = cast === "" ? open : ({ status: "ready", reason: "", ballot: cast } as const);
    return since({ ...now, pendingDigest: digest, ...known }, state);
  },

  async delete(room, _id, { documentId, ballot, decision = "accept" }) {
    // Without a ballot the vote may have been cast all the same, by a run that broke off.
    if (decision === "reject" || ballot === "rejected" || ballot === "") {
      return;
    }
    const stays = `Our vote on query '${documentId}' stays, since no vote can be taken back`;
    const disabled = await room.giveUpConsent(documentId);
    say(
      disabled
        ? `${stays}; our consent to run it is disabled.`
        : `${stays}. The query is not accepted yet; once the others accept it, it may run with our vote: keep a DocumentConsent with consent 'disabled' to prevent that.`,
    );
  },
};

function idOf({ documentId }: QueryApprovalInputs): string {
  return `${documentId}-approval`;
}

/** `before` is missing when the vote is new, or taken up again after it was given up. */
function establish(
  room: CleanRoom,
  news: QueryApprovalInputs,
  before: Partial<Observed> | undefined,
): Promise<Observed> {
  return persist<Seen>(`The approval of query '${news.documentId}'`, news.waitSeconds, before, async () => {
    const now = await advance(room, news, before);
    // What nobody has reviewed here waits for ourselves.
    return { ...now, hopeless: now.ballot === "" && now.pendingDigest !== "" };
  });
}

async function advance(
  room: CleanRoom,
  news: QueryApprovalInputs,
  before: Partial<Observed> | undefined,
): Promise<Seen> {
  const { documentId, digest, decision = "accept" } = news;
  const document = await room.governance.document(documentId);
  if (document === undefined || document.state === "Draft") {
    return document !== undefined && before?.ballot === "rejected" && decision === "reject"
      ? rejected(before)
      : notYet(document);
  }
  if (digest === undefined || (await isRejectedAnew(room, document, news))) {
    return unreviewed(room, document, digest);
  }
  const review = await requireReviewed(room, document, news, before ?? {});
  const cast = await castVote(room, documentId, digest, decision);
  const now = (await room.governance.document(documentId)) ?? document;
  // A rejection ends its proposal, so the document is a draft again.
  const ballot = now.state === "Draft" ? (cast === "rejected" ? cast : "") : await ballotOf(room, now);
  if (ballot === "") {
    return notYet(now); // it was withdrawn, or rejected by another, before our vote came
  }
  requireDecision(documentId, ballot, decision);
  if (document.state === "Accepted" && ballot === "accepted" && before === undefined) {
    // It was accepted before, and perhaps given up: it may run again.
    await room.setConsent(documentId, "enable");
  }
  const { query, approvers, datasets } = review;
  const reviewed = { reviewed: query, reviewedWith: { approvers, datasets } };
  return { status: "ready", reason: "", ballot, pendingDigest: review.digest, ...reviewed };
}

async function unreviewed(room: CleanRoom, document: UserDocument, named: string | undefined): Promise<Seen> {
  const review = await reviewOf(room, document);
  const reason =
    named === undefined
      ? `it is ${document.state.toLowerCase()} and was not reviewed here yet: review it, and name its digest ${review.digest}`
      : `it is ${document.state.toLowerCase()} anew, with another content than we rejected: review it, and name its digest ${review.digest}`;
  return { status: "waiting", reason, ballot: "", pendingDigest: review.digest };
}

function rejected({ pendingDigest = "", reviewed, reviewedWith }: Partial<Observed>): Seen {
  const known = { ...(reviewed && { reviewed }), ...(reviewedWith && { reviewedWith }) };
  return { status: "ready", reason: "", ballot: "rejected", pendingDigest, ...known };
}

/** Another content than we said no to is no mistake of anybody's: it waits for a review of its own. */
async function isRejectedAnew(
  room: CleanRoom,
  document: UserDocument,
  { digest, decision }: QueryApprovalInputs,
): Promise<boolean> {
  return decision === "reject" && (await reviewOf(room, document)).digest !== digest;
}

/** After our no: whether its author has proposed it again, on which we have not voted. Shown once, then awaited. */
async function isProposedAnew(room: CleanRoom, document: UserDocument): Promise<boolean> {
  if (document.state !== "Proposed" || (await ballotOf(room, document)) !== "") {
    return false;
  }
  const { digest } = await reviewOf(room, document);
  say(`Query '${document.id}' was proposed anew after our rejection: review it, and name its digest ${digest}.`);
  return true;
}

/** In preview: fails where what is open for votes, or accepted, is not what the digest names. */
async function refuseOther(room: CleanRoom, news: QueryApprovalInputs, before: Reviewed): Promise<void> {
  if (news.digest === undefined || !isKnown([news.documentId, news.digest])) {
    return;
  }
  const document = await room.governance.document(news.documentId);
  if (document !== undefined && document.state !== "Draft" && !(await isRejectedAnew(room, document, news))) {
    await requireReviewed(room, document, news, before);
    requireDecision(news.documentId, await ballotOf(room, document), news.decision ?? "accept");
  }
}

/**
 * The review of what governance holds. Fails unless that is exactly what was reviewed, with every owner and ourselves
 * among the approvers, and all their votes where it is accepted.
 */
async function requireReviewed(
  room: CleanRoom,
  document: UserDocument,
  { digest }: QueryApprovalInputs,
  { reviewed, reviewedWith }: Reviewed,
): ReturnType<typeof reviewOf> {
  requireVotes(document);
  const review = await reviewOf(room, document);
  const { approvers, owners } = review;
  const missing = owners.filter((owner) => !approvers.includes(owner));
  if (missing.length > 0) {
    throw new ContentMismatchError(
      `Query '${document.id}' would run without the consent of ${missing.join(", ")}, who own datasets of it and are not among its approvers. Do not accept it; its author has to propose it with all owners.`,
    );
  }
  const { oid } = await room.caller();
  if (!approvers.includes(oid)) {
    throw new InvalidInputError(
      `Query '${document.id}': ${oid} is not among its approvers (${approvers.join(", ")}), so it has no vote. Sign in as one of them, or leave this approval out.`,
    );
  }
  if (review.digest !== digest) {
    const before = reviewed && { query: reviewed, ...reviewedWith };
    const difference = before && reviewDifference(before, review, "reviewed", `in governance, ${document.state}`);
    throw new ContentMismatchError(
      `Query '${document.id}' is not what was reviewed: its digest is ${review.digest}, reviewed was ${digest ?? "none"}. ` +
        `Its text, its approvers or its datasets differ. Review it again; name the new digest only if you agree.${difference ? `\n${difference}` : ""}`,
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

function notYet(document: UserDocument | undefined): Seen {
  const reason =
    document === undefined
      ? "the query does not exist yet"
      : document.state === "Draft"
        ? "the query is a draft: its author has to propose it"
        : "it was proposed anew while we voted: the next run looks at it";
  return { status: "waiting", reason, ballot: "", pendingDigest: "" };
}
