// The record of every request that the sandbox's services answered: one JSON line each, without bodies or headers.
import { createWriteStream } from "node:fs";
import type { Gate } from "./http";

export interface RequestLog {
  readonly gate: Gate;
  close(): Promise<void>;
}

export function openRequestLog(file: string, clock: () => Date): RequestLog {
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  const gate: Gate = async ({ service, method, target }, next) => {
    const began = performance.now();
    const answer = await next();
    const ms = Math.round((performance.now() - began) * 10) / 10;
    stream.write(
      `${JSON.stringify({ at: clock().toISOString(), service, method, target, status: answer.status, ms })}\n`,
    );
    return answer;
  };
  return { gate, close: () => new Promise((resolve) => stream.end(resolve)) };
}
