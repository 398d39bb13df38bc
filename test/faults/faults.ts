// The faults of the matrix: what is done to the n-th request, or the n-th write, of a flow.
import type { FaultRule } from "../../sandbox/faults";

export interface MatrixFault {
  readonly name: string;
  /** What `nth` counts. */
  readonly at: "request" | "write";
  rule(nth: number, seed: number): FaultRule;
  /** The provider's process is killed when the fault hits. */
  readonly kills?: true;
  /** Stays until it is healed; else it hits once. */
  readonly stays?: true;
  /** Milliseconds after which the request is carried out, though nobody waits for it any more. */
  readonly late?: number;
}

const STAYS = 1_000_000;
const HTML = "<html><head><title>Sign in</title></head></html>";

function once(name: string, rule: FaultRule, more: Partial<MatrixFault> = {}): MatrixFault {
  return { name, at: "request", rule: (nth) => ({ ...rule, nth }), ...more };
}

function staying(name: string, rule: FaultRule): MatrixFault {
  const all = (nth: number): FaultRule => ({ ...rule, nth, times: STAYS });
  return { name: `${name} until it is healed`, at: "request", stays: true, rule: all };
}

/** What a network, a gateway and a service do, once. */
const ONCE: readonly MatrixFault[] = [
  once("refused", { kind: "refuse" }),
  once("cut in the request", { kind: "cut-in-request" }),
  once("the server dies before the commit", { kind: "die-before-commit" }),
  once("the server dies after the commit", { kind: "die-after-commit" }),
  once("no answer", { kind: "no-answer" }),
  once("answer lost after the commit", { kind: "lose-answer" }),
  once("cut after the status", { kind: "cut-after-status" }),
  once("cut in the body", { kind: "cut-in-body" }),
  once("429 with Retry-After", { kind: "429", retryAfterSeconds: 0 }),
  once("503 with Retry-After", { kind: "503", retryAfterSeconds: 0 }),
  once("503 with a date in Retry-After", { kind: "503", retryAfterSeconds: 0, asDate: true }),
  once("delayed", { kind: "delay", milliseconds: 200 }),
  once("504 after the commit", { kind: "answer", answer: { status: 504, afterCommit: true } }),
  once("502 before the commit", { kind: "answer", answer: { status: 502, text: HTML, contentType: "text/html" } }),
  once("500", { kind: "answer", answer: { status: 500, text: '{"error":{"code":"InternalError","message":"x"}}' } }),
  once("403", { kind: "answer", answer: { status: 403, text: '{"error":{"code":"Forbidden","message":"x"}}' } }),
  once("a sign-in page", { kind: "answer", answer: { status: 200, text: HTML, contentType: "text/html" } }),
  { name: "another answer", at: "request", rule: (nth, seed) => ({ kind: "mutate", nth, seed }) },
];

const STAYING: readonly MatrixFault[] = [
  staying("refused", { kind: "refuse" }),
  staying("the server dies before the commit", { kind: "die-before-commit" }),
  staying("the server dies after the commit", { kind: "die-after-commit" }),
  staying("answer lost after the commit", { kind: "lose-answer" }),
  staying("cut in the body", { kind: "cut-in-body" }),
  staying("no answer", { kind: "no-answer" }),
  staying("429", { kind: "429", retryAfterSeconds: 0 }),
  staying("503", { kind: "503", retryAfterSeconds: 0 }),
  staying("503 with a long Retry-After", { kind: "503", retryAfterSeconds: 3_600 }),
  staying("504 after the commit", { kind: "answer", answer: { status: 504, afterCommit: true } }),
];

const KILLS: readonly MatrixFault[] = [
  once("the provider is killed before the commit", { kind: "no-answer" }, { kills: true }),
  once(
    "the provider is killed, the commit comes meanwhile",
    { kind: "delay", milliseconds: 15 },
    { kills: true, late: 15 },
  ),
  once(
    "the provider is killed, the commit comes late",
    { kind: "delay", milliseconds: 700 },
    { kills: true, late: 700 },
  ),
];

const WRITES: readonly MatrixFault[] = [
  once("the server dies before the write", { kind: "die-before-write" }, { at: "write" }),
  once("the server dies after the write", { kind: "die-after-write" }, { at: "write" }),
  once("the write fails", { kind: "fail-before-write" }, { at: "write" }),
  once("the write fails after it is done", { kind: "fail-after-write" }, { at: "write" }),
];

export const FAULTS: readonly MatrixFault[] = [...ONCE, ...STAYING, ...KILLS, ...WRITES];
