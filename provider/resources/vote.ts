// Votes: cast once, on the content whose digest was named, and read back.
import { ContentMismatchError, InvalidInputError, RefusedError } from "../errors";
import { isKnown } from "../model/unknown";
import { shown, type Problems } from "../model/validate";
import type { CleanRoom } from "../services/clean-room";
import { reviewOf } from "../services/documents";
import { castBallot } from "../services/writes";

/** Casts our vote on the open proposal unless it was cast before, and only on the content of that digest. */
export async function castVote(
  room: CleanRoom,
  documentId: string,
  digest: string,
  decision: "accept" | "reject",
): Promise<void> {
  const document = await room.governance.document(documentId);
  if (document?.state !== "Proposed" || document.proposalId === undefined) {
    return;
  }
  const { oid } = await room.caller();
  const { proposalId } = document;
  const wanted = decision === "accept" ? "accepted" : "rejected";
  const cast = async (): Promise<string | undefined> =>
    (await room.governance.proposalStatus(proposalId)).ballots.find(({ approverId }) => approverId === oid)?.ballot;
  if ((await cast()) === undefined) {
    const review = await reviewOf(room, document);
    if (review.digest !== digest) {
      throw new ContentMismatchError(
        `Query '${documentId}' changed between review and vote (digest ${review.digest}, reviewed ${digest}); no vote was cast.`,
      );
    }
    try {
      await castBallot(room, documentId, proposalId, decision);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 409) {
        throw error;
      }
    }
  }
  const ballot = await cast();
  if (ballot !== undefined && ballot !== wanted) {
    throw new InvalidInputError(
      `Query '${documentId}': our vote on proposal ${proposalId} is '${ballot}' already, and a vote can't be changed. Agree with its author on a new proposal.`,
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
