// A TLS server for the services that do not speak JSON: bodies stream in and out, and the handler writes the answer.
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Tls } from "../context";
import { type Answer, breakOff, bytesOf, Connections, type Gate, isAnswer, type RunningService, stop } from "../http";
import { HeldResponse } from "./held-response";

type RawHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface RawServiceOptions {
  readonly service: string;
  readonly port: number;
  readonly tls: Tls;
  readonly handler: RawHandler;
  /** Stands before every request, as those of the services that speak JSON. */
  readonly gate?: Gate;
  readonly log: (message: string) => void;
}

export async function startRawService({
  service,
  port,
  tls,
  handler,
  gate,
  log,
}: RawServiceOptions): Promise<RunningService> {
  const connections = new Connections();
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    through(gate, service, handler, connections, request, response).catch((error: unknown) => {
      log(`${service}: ${request.method} ${request.url?.split("?")[0]}: ${String((error as Error).stack ?? error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  connections.watch(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`${service} cannot listen on 127.0.0.1:${port}: ${error.message}`, { cause: error })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { port: taken, url: `https://localhost:${taken}`, close: (abruptly = false) => stop(server, abruptly) };
}

async function through(
  gate: Gate | undefined,
  service: string,
  handler: RawHandler,
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (gate === undefined) return handler(request, response);
  let sent: Answer | undefined;
  let held: HeldResponse | undefined;
  const call = {
    service,
    method: request.method ?? "GET",
    target: request.url ?? "/",
    // The body is streamed: it comes when the handler reads it.
    received: () => Promise.resolve(),
    hold: () => void (held ??= new HeldResponse(request)),
  };
  const outcome = await gate(call, async () => {
    if (held === undefined) {
      await handler(request, response);
      return (sent = { status: response.statusCode });
    }
    await handler(request, held.response);
    return held.answer();
  });
  if (outcome === sent) return;
  if (isAnswer(outcome)) {
    const { status, headers, contentType } = outcome;
    const typed = contentType === undefined ? {} : { "content-type": contentType };
    response.writeHead(status, { ...headers, ...typed, connection: "close" }).end(bytesOf(outcome));
  } else {
    await breakOff(outcome, request, response, connections);
  }
}
