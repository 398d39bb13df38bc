// Writes to governance that end as done or refused even where an answer was lost: what was done is found by reading, what
// was not is done again. Governance itself sees to it that none is done twice: by version, open proposal and ballot.
import { setTimeout as sleep } from "node:timers/promises";
import { ContentMismatchError, messageOf, RefusedError, UnknownOutcomeError } from "../errors";
import { backoff, isInDoubt } from "../http/retry";
import { debug } from "../log";
import { currentOperation } from "../operation";
import type { CleanRoom } from "./clean-room";
import type { DocumentContent } from "./governance";

const ATTEMPTS = 5;

/**
 * Writes, and when it stays open whether that was done, looks; `found` answers what the write would have answered, or
 * undefined where there is no trace of it, and then it is written again.
 */
async function settled<T>(
  write: () => Promise<T>,
  found: () => Promise<{ readonly answer: T } | undefined>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!leavesOpen(error)) {
        throw error;
      }
      const trace = await found().catch((unseen: unknown) => {
        debug(`it could not be looked for: ${messageOf(unseen)}`);
        throw error; // What is not known is whether it was written, whatever the look-up says of itself.
      });
      if (trace !== undefined) {
        debug(`found done after all: ${error.message}`);
        return trace.answer;
      }
      const pause = backoff(attempt, Math.random());
      if (attempt === ATTEMPTS || Date.now() + pause > (currentOperation()?.end ?? Infinity)) {
        throw error;
      }
      debug(`not done, so once more in ${pause} ms: ${error.message}`);
      await sleep(pause);
    }
  }
}

function leavesOpen(error: unknown): error is Error {
  return error instanceof UnknownOutcomeError || (error instanceof RefusedError && isInDoubt(error.status));
}

/** Creates a document, or updates the draft of `content.version`. `isThere` tells our text from others'. */
export function writeDocument(
  { governance }: CleanRoom,
  id: string,
  content: DocumentContent,
  step: string,
  isThere: (data: string) => boolean,
): Promise<void> {
  return settled(
    () => governance.putDocument(id, content, step),
    async () => {
      const document = await governance.document(id);
      const isNew = document !== undefined && document.version !== content.version;
      return isNew && isThere(document.data) ? DONE : undefined;
    },
  );
}

const DONE = { answer: undefined };

/** Proposes the draft of this version; answers the proposal's id. */
export function proposeDocument({ governance }: CleanRoom, id: string, version: string): Promise<string> {
  return settled(
    () => governance.propose(id, version),
    async () => {
      const document = await governance.document(id);
      const answer = document?.state === "Draft" ? undefined : document?.proposalId;
      return answer === undefined ? undefined : { answer };
    },
  );
}

/** Casts our vote. */
export function castBallot(room: CleanRoom, id: string, proposalId: string, vote: "accept" | "reject"): Promise<void> {
  return settled(
    () => room.governance.vote(id, proposalId, vote),
    async () => {
      const { oid } = await room.caller();
      const { ballots } = await room.governance.proposalStatus(proposalId);
      return ballots.some(({ approverId }) => approverId === oid) ? DONE : undefined;
    },
  );
}

/** Withdraws a proposal of ours, and reads back that it is withdrawn. */
export async function withdrawProposal({ governance }: CleanRoom, proposalId: string): Promise<void> {
  const state = async (): Promise<string> => (await governance.proposalStatus(proposalId)).state;
  await settled(
    () => governance.withdraw(proposalId),
    async () => ((await state()) === "Withdrawn" ? DONE : undefined),
  );
  const now = await state();
  if (now !== "Withdrawn") {
    throw new ContentMismatchError(
      `Proposal '${proposalId}' was withdrawn, but governance shows it as ${now}. Run \`pulumi up\` again.`,
    );
  }
}
