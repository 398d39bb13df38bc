// A response that is kept back: the handler writes it as ever, and whoever holds it decides what becomes of it.
import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Answer } from "../http";

/** Headers that belong to the connection, or that are written anew. */
const OF_THE_CONNECTION = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

export class HeldResponse {
  readonly response: ServerResponse;
  private readonly chunks: Buffer[] = [];
  private readonly finished: Promise<void>;

  constructor(request: IncomingMessage) {
    this.response = new ServerResponse(request);
    // In pieces the body would have to be put together again.
    this.response.useChunkedEncodingByDefault = false;
    this.finished = new Promise((resolve) => this.response.once("close", resolve).once("finish", resolve));
    const sink = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.chunks.push(chunk);
        done();
      },
    });
    this.response.assignSocket(sink as unknown as Socket);
  }

  /** What the handler has written, once it is complete. */
  async answer(): Promise<Answer> {
    await this.finished;
    const all = Buffer.concat(this.chunks);
    const end = all.indexOf("\r\n\r\n");
    const [, ...lines] = all.toString("latin1", 0, end).split("\r\n");
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return {
      status: this.response.statusCode,
      headers: Object.fromEntries(headers.filter(([name]) => !OF_THE_CONNECTION.has(name))),
      bytes: all.subarray(end + 4),
    };
  }
}
