// A service on loopback: TLS, keep-alive, one router. Every request of every service passes its gate, the one place
// where requests are recorded or made to fail.
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Tls } from "../context";
import { type Answer, odata, ServiceError, textOf } from "./answer";
import { breakOff, Connections, isAnswer, type Outcome } from "./outcome";
import { problem, ProblemError } from "./problem";
import { bodyReader, parseTarget, type Request } from "./request";
import { type Route, Router } from "./router";

/** What a gate is told of a request. */
export interface Call {
  readonly service: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** Resolves when the whole body is there, so that the handler does not need the client any more. */
  readonly received: () => Promise<void>;
  /** Asks that nothing is sent before the gate has decided; to be called before `next`. */
  readonly hold: () => void;
}

/**
 * Stands between a request and its handler: `next` runs the handler, or the gate within. It may answer itself, wait, or
 * break the request off.
 */
export type Gate = (call: Call, next: () => Promise<Outcome>) => Promise<Outcome>;

export interface ServiceOptions {
  /** Shown in the log and in errors. */
  readonly service: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Without it the service speaks plain HTTP. */
  readonly tls?: Tls;
  readonly routes: readonly Route[];
  readonly gate?: Gate;
  /** Largest body, in bytes. @default 30,000,000, as Kestrel's */
  readonly bodyLimit?: number;
  /** How a path that no route has is answered. @default 404 without a body */
  readonly unmatched?: (method: string, path: string) => Answer;
  /** How an unexpected exception is answered. @default 500 `InternalError` */
  readonly unexpected?: (error: unknown) => Answer;
  readonly log: (message: string) => void;
}

export interface RunningService {
  readonly url: string;
  readonly port: number;
  /** Ends idle connections, waits for requests under way. `abruptly`: breaks them off, as the end of the process would. */
  close(abruptly?: boolean): Promise<void>;
}

export async function startService(options: ServiceOptions): Promise<RunningService> {
  const router = new Router(options.routes);
  const connections = new Connections();
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    void serve(options, router, connections, message, response);
  };
  const { tls } = options;
  const server: Server =
    tls === undefined ? createPlainServer(listener) : createTlsServer({ key: tls.key, cert: tls.cert }, listener);
  server.keepAliveTimeout = 60_000;
  connections.watch(server);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    close: (abruptly = false) => stop(server, abruptly),
  };
}

function listen(server: Server, { service, port }: ServiceOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program has taken it; end that program" : error.message;
      reject(new Error(`${service} cannot listen on 127.0.0.1:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** @param abruptly breaks off what is under way, as the end of the process would */
export function stop(server: Server, abruptly: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const grace = setTimeout(() => server.closeAllConnections(), 2_000);
    server.close((error) => {
      clearTimeout(grace);
      if (error === undefined) resolve();
      else reject(error);
    });
    if (abruptly) server.closeAllConnections();
    else server.closeIdleConnections();
  });
}

async function serve(
  options: ServiceOptions,
  router: Router,
  connections: Connections,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { service, gate } = options;
  const target = message.url ?? "/";
  const method = message.method ?? "GET";
  const body = bodyReader(message, options.bodyLimit ?? 30_000_000);
  const next = (): Promise<Answer> => answerTo(options, router, method, target, message, body);
  const received = async (): Promise<void> => void (await body.text().catch(() => undefined));
  try {
    const outcome =
      gate === undefined
        ? await next()
        : await gate({ service, method, target, received, hold: () => undefined }, next);
    if (isAnswer(outcome)) write(message, response, outcome);
    else await breakOff(outcome, message, response, connections);
  } catch (error) {
    options.log(`${options.service}: ${method} ${target}: ${String((error as Error).stack ?? error)}`);
    message.socket.destroy();
  }
}

async function answerTo(
  options: ServiceOptions,
  router: Router,
  method: string,
  target: string,
  message: IncomingMessage,
  body: Pick<Request, "text" | "json">,
): Promise<Answer> {
  const { path, query } = parseTarget(target);
  const match = router.match(method, path);
  if (match === undefined) return options.unmatched?.(method, path) ?? { status: 404 };
  if ("allow" in match) return { status: 405, headers: { allow: match.allow.join(", ") } };
  const request: Request = { method, path, params: match.params, query, headers: message.headers, ...body };
  try {
    return await match.handler(request);
  } catch (error) {
    if (error instanceof ServiceError) return odata(error);
    if (error instanceof ProblemError) return problem(error);
    options.log(`${options.service}: ${method} ${path}: ${String((error as Error).stack ?? error)}`);
    return (
      options.unexpected?.(error) ?? odata(new ServiceError(500, "InternalError", "Exception thrown while executing."))
    );
  }
}

function write(message: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const text = textOf(answer);
  const plain = answer.text === undefined ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
  const headers: Record<string, string | number> = { ...answer.headers };
  if (text !== undefined) headers["content-type"] = answer.contentType ?? plain;
  if (answer.status !== 204) headers["content-length"] = text === undefined ? 0 : Buffer.byteLength(text);
  // What is left of a body that nobody read would be taken for the connection's next request.
  const unread = !message.complete && (message.headers["content-length"] ?? message.headers["transfer-encoding"]);
  if (unread) headers.connection = "close";
  response.writeHead(answer.status, headers);
  response.end(text);
  if (unread) message.resume();
}
