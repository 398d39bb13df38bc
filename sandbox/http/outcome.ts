// What can become of a request besides a whole answer, and how it is done to the connection: the client of each sees
// what it would see of a real server or network that failed there.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Server, Socket } from "node:net";
import { type Answer, bytesOf } from "./answer";

export type Break =
  /** Closed without a byte of an answer. */
  | "cut"
  /** Reset, and nothing of the request's body is read. */
  | "reset"
  /** Closed while the request's body arrives; at once where it has none. */
  | "cut in request"
  /** Nothing is answered until the client goes away. */
  | "no answer"
  /** Closed after the status line, before the headers are complete. */
  | { readonly cut: "after status"; readonly answer: Answer }
  /** Closed when `share` (0 to 1) of the body is sent; an answer without body is cut after its status line. */
  | { readonly cut: "in body"; readonly answer: Answer; readonly share: number };

export type Outcome = Answer | Break;

export const isAnswer = (outcome: Outcome): outcome is Answer => typeof outcome === "object" && "status" in outcome;

/** Finds the connection beneath a TLS socket, which alone can be reset. */
export class Connections {
  private readonly open = new Map<string, Socket>();

  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const key = keyOf(socket);
      this.open.set(key, socket);
      socket.once("close", () => this.open.delete(key));
    });
  }

  reset(socket: Socket): void {
    const raw = this.open.get(keyOf(socket)) ?? socket;
    raw.resetAndDestroy();
    socket.destroy();
  }
}

const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;

/** Resolves when the connection is gone. */
export async function breakOff(
  how: Break,
  message: IncomingMessage,
  response: ServerResponse,
  connections: Connections,
): Promise<void> {
  const { socket } = message;
  const gone = new Promise<void>((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once("close", () => resolve());
  });
  if (how === "reset") connections.reset(socket);
  else if (how === "cut") socket.destroy();
  else if (how === "cut in request") await untilBody(message).then(() => socket.destroy());
  else if (how !== "no answer") await sendPart(how, socket, response);
  await gone;
}

/** Until the first bytes of the body are there, or it is clear that there are none. */
function untilBody(message: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["data", "end", "close"]) message.once(event, () => resolve());
    message.resume();
  });
}

function sendPart(how: Exclude<Break, string>, socket: Socket, response: ServerResponse): Promise<void> {
  const { answer } = how;
  const body = bytesOf(answer);
  return new Promise((resolve) => {
    const end = (): void => {
      socket.destroy();
      resolve();
    };
    if (how.cut === "after status" || body.length === 0) {
      socket.write(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\ncontent-`, end);
      return;
    }
    response.writeHead(answer.status, {
      ...answer.headers,
      "content-type": answer.contentType ?? answer.headers?.["content-type"] ?? "application/json; charset=utf-8",
      "content-length": body.length,
    });
    response.write(body.subarray(0, Math.floor(body.length * Math.min(how.share, 0.999))), end);
  });
}
