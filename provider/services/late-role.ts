// A role that was assigned just now is refused for a while: it is waited for, within a deadline, and said.
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../errors";
import { say } from "../log";
import { currentOperation } from "../operation";

/** Milliseconds: role assignments take up to ten minutes to be seen everywhere (Azure RBAC documentation). */
export const ROLE_DEADLINE = 600_000;
const PROGRESS = 10_000;
/** Time for one more answer: what is said in the end is that it is not permitted, not that there was no time. */
const ANSWER = 2_000;
/** A vault's words for a caller whom its firewall keeps out, whatever roles there are (Key Vault documentation, firewall). */
const BY_NETWORK = /client address is not authorized|public network access is disabled/i;

/**
 * Repeats `work` while it is not permitted (403), where something is to be brought about.
 * @param step what is done, for the line that says that it waits
 */
export async function oncePermitted<T>(step: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  for (let told = start; ;) {
    try {
      return await work();
    } catch (error) {
      const waited = Date.now() - start;
      const pause = Math.min(5_000, 250 + waited / 4);
      const { end = Infinity, isPatient = true } = currentOperation() ?? {};
      const isOver = !isPatient || waited > ROLE_DEADLINE || Date.now() + pause + ANSWER > end;
      if (statusOf(error) !== 403 || isByNetwork(messageOf(error)) || isOver) {
        throw error;
      }
      if (Date.now() - told >= PROGRESS) {
        told = Date.now();
        say(`${step}: ${lateRoleWords(waited)}`);
      }
      await sleep(pause);
    }
  }
}

/** Whether a refusal, by its words, is one that no role changes. */
export function isByNetwork(said: string): boolean {
  return BY_NETWORK.test(said);
}

/** @param waited milliseconds */
export function lateRoleWords(waited: number): string {
  return `not permitted yet; a new role takes up to ten minutes to spread (${Math.round(waited / 1_000)} s so far)`;
}

/** Ours have it as `status`, Azure's clients as `statusCode`. */
function statusOf(error: unknown): number | undefined {
  const { status, statusCode } = error as { readonly status?: number; readonly statusCode?: number };
  return status ?? statusCode;
}
