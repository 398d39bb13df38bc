// Votes: cast once, on the content whose digest was named, and read back.
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import { isKnown } from "../model/unknown";
import { shown, type Problems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { reviewOf } from "../services/documents";
import { castBallot } from "../services/writes";

export type Vote = "accepted" | "rejected" | "";

/** Codes with which governance says that there is nothing to vote on any more, or that we have voted. */
const TOO_LATE = new Set([
  "UserDocumentNotProposed",
  "ProposalIdMismatch",
  "ProposalNotOpen",
  "BallotAlreadySubmitted",
]);

/**
 * Casts our vote on the open proposal unless it was cast before, and only on the content of that digest. Answers our
 * ballot as governance has it: none where there is no open proposal, or where it was over before our vote came.
 */
export async function castVote(
  room: CleanRoom,
  documentId: string,
  digest: string,
  decision: "accept" | "reject",
): Promise<Vote> {
  const document = await room.governance.document(documentId);
  if (document?.state !== "Proposed" || document.proposalId === undefined) {
    return "";
  }
  const { oid } = await room.caller();
  const { proposalId } = document;
  const cast = async (): Promise<Vote> =>
    (await room.governance.proposalStatus(proposalId)).ballots.find(({ approverId }) => approverId === oid)?.ballot ??
    "";
  if ((await cast()) === "") {
    const review = await reviewOf(room, document);
    if (review.digest !== digest) {
      throw new ContentMismatchError(
        `Query '${documentId}' changed between review and vote (digest ${review.digest}, reviewed ${digest}); no vote was cast.`,
      );
    }
    try {
      await castBallot(room, documentId, proposalId, decision);
    } catch (error) {
      if (!(error instanceof RefusedError) || !TOO_LATE.has(error.code ?? "")) {
        throw error;
      }
    }
  }
  const ballot = await cast();
  requireDecision(documentId, ballot, decision);
  return ballot;
}

/** A vote that is cast can't be another one. */
export function requireDecision(documentId: string, ballot: Vote, decision: "accept" | "reject"): void {
  if (ballot !== "" && ballot !== `${decision}ed`) {
    const brake =
      ballot === "accepted"
        ? "To stop its use, set a DocumentConsent to disabled."
        : "Agree with its author on a new proposal.";
    throw new InvalidInputError(
      `Query '${documentId}': our vote is '${ballot}' already, and a vote can't be changed. ${brake}`,
    );
  }
}

export function digestProblems(place: string, digest: unknown): Problems {
  if (
    digest === undefined ||
    !isKnown(digest) ||
    (typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest))
  ) {
    return [];
  }
  return [`${place} is '${shown(digest)}': a digest is 'sha256:' and 64 hexadecimal digits, as the preview shows it.`];
}
