// One request as a handler sees it: decoded path and query, and a body that is read once, within a limit.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ProblemError } from "./problem";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as text. @throws ProblemError 413 when it is larger than the service takes */
  text(): Promise<string>;
  /** The body as JSON. @throws ProblemError 400 when it is none, 415 when it is said to be something else */
  json(): Promise<unknown>;
}

/** Path and query of a request line; a path that cannot be decoded stays as it came. */
export function parseTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path, query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)) };
}

export function bodyReader(message: IncomingMessage, limit: number): Pick<Request, "text" | "json"> {
  let read: Promise<string> | undefined;
  const text = (): Promise<string> => (read ??= readAll(message, limit));
  return { text, json: async () => parseJson(message.headers["content-type"], await text()) };
}

async function readAll(message: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new ProblemError(413, "Payload Too Large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

function parseJson(contentType: string | undefined, text: string): unknown {
  if (text !== "" && !/^application\/([\w.+-]+\+)?json\b/i.test(contentType ?? "")) {
    throw new ProblemError(415, "Unsupported Media Type");
  }
  if (text === "") throw ProblemError.validation({ "": ["A non-empty request body is required."] });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw ProblemError.validation({ $: [`The request body is not JSON: ${(error as Error).message}`] });
  }
}
