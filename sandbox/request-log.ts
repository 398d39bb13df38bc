// The record of every request that reached the sandbox's services: one JSON line each, without bodies or headers. What
// was broken off on purpose has no status, but says how.
import { createWriteStream } from "node:fs";
import { type Gate, isAnswer } from "./http";

export interface RequestLog {
  readonly gate: Gate;
  close(): Promise<void>;
}

export function openRequestLog(file: string, clock: () => Date): RequestLog {
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  const gate: Gate = async ({ service, method, target }, next) => {
    const began = performance.now();
    const outcome = await next();
    const ms = Math.round((performance.now() - began) * 10) / 10;
    const result = isAnswer(outcome)
      ? { status: outcome.status }
      : { broken: typeof outcome === "string" ? outcome : `cut ${outcome.cut}` };
    // What was under way when the services were ended abruptly is told by nobody.
    if (!stream.writableEnded)
      stream.write(`${JSON.stringify({ at: clock().toISOString(), service, method, target, ...result, ms })}\n`);
    return outcome;
  };
  return { gate, close: () => new Promise((resolve) => stream.end(resolve)) };
}
