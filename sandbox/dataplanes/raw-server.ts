// A TLS server for the services that do not speak JSON: bodies stream in and out, and the handler writes the answer.
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Tls } from "../context";
import type { Gate, RunningService } from "../http";

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
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    through(gate, service, handler, request, response).catch((error: unknown) => {
      log(`${service}: ${request.method} ${request.url?.split("?")[0]}: ${String((error as Error).stack ?? error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`${service} cannot listen on 127.0.0.1:${port}: ${error.message}`, { cause: error })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port,
    url: `https://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        const grace = setTimeout(() => server.closeAllConnections(), 2_000);
        server.close(() => {
          clearTimeout(grace);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function through(
  gate: Gate | undefined,
  service: string,
  handler: RawHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (gate === undefined) return handler(request, response);
  let served = false;
  const answer = await gate({ service, method: request.method ?? "GET", target: request.url ?? "/" }, async () => {
    served = true;
    await handler(request, response);
    return { status: response.statusCode };
  });
  if (answer === "cut") response.destroy();
  else if (!served) response.writeHead(answer.status, { ...answer.headers, connection: "close" }).end(answer.text);
}
