// Stands between the provider and the real services, on loopback, and may put another answer in the place of one. Many
// may use it at once: each has a lane, by which its requests are told from those of others.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestServices } from "../../sandbox/testing";

/** An answer on its way. */
export interface Passing {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it is seen on its way. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** How many came before it in this lane since it was last given a task. */
  readonly index: number;
}

/** What becomes of a request: `next` asks the service. `cut` ends the connection without an answer. */
export type Meddling = (seen: Seen, next: () => Promise<Passing>) => Promise<Passing | "cut">;

export interface Lane {
  /** Addresses of the services through this lane. */
  readonly urls: {
    readonly frontendUrl: string;
    readonly governanceUrl: string;
    readonly vaultUrl: string;
    readonly bucketUrl: string;
    readonly hsmUrl: string;
  };
  /** Meddles with the requests from now on; counts them anew. */
  meddle(meddling: Meddling): void;
  /** How many requests came since. */
  count(): number;
}

export interface Between {
  lane(): Lane;
  close(): Promise<void>;
}

const pass: Meddling = (_seen, next) => next();

export async function between(services: TestServices, vaultUrl = "", bucketUrl = "", hsmUrl = ""): Promise<Between> {
  const targets: Readonly<Record<string, string>> = {
    frontend: services.frontendUrl,
    governance: services.governance.url,
    vault: vaultUrl.replace(/\/+$/, ""),
    bucket: bucketUrl,
    hsm: hsmUrl.replace(/\/+$/, ""),
  };
  const lanes: { meddling: Meddling; count: number }[] = [];
  const server = createServer((request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, number = "", service = "", ...rest] = (request.url ?? "").split("/");
    const lane = lanes[Number(number)];
    if (lane === undefined) throw new Error(`no lane ${number}`);
    const path = `/${rest.join("/")}`;
    const method = request.method ?? "";
    const next = (): Promise<Passing> =>
      forward(services, method, `${targets[service] ?? ""}${path}`, request, Buffer.concat(chunks).toString("utf8"));
    const answer = await lane.meddling({ method, path, index: lane.count++ }, next);
    if (answer === "cut") {
      response.destroy();
      return;
    }
    const headers: Record<string, string> = { ...answer.headers };
    if (answer.contentType !== "") headers["content-type"] = answer.contentType;
    response.writeHead(answer.status, headers).end(answer.status === 204 ? undefined : answer.text);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    lane: () => {
      const number = lanes.push({ meddling: pass, count: 0 }) - 1;
      const lane = lanes[number] ?? { meddling: pass, count: 0 };
      const to = (service: string): string => `${url}/${number}/${service}`;
      return {
        urls: {
          frontendUrl: to("frontend"),
          governanceUrl: to("governance"),
          vaultUrl: `${to("vault")}/`,
          bucketUrl: to("bucket"),
          hsmUrl: `${to("hsm")}/`,
        },
        meddle: (meddling) => Object.assign(lane, { meddling, count: 0 }),
        count: () => lane.count,
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(
  services: TestServices,
  method: string,
  url: string,
  { headers }: IncomingMessage,
  body: string,
): Promise<Passing> {
  const { authorization = "", "content-type": type } = headers;
  if (url.startsWith("http:")) {
    const answer = await fetch(url, { method, headers: { authorization } });
    const contentType = answer.headers.get("content-type") ?? "";
    return { status: answer.status, contentType, text: await answer.text() };
  }
  const reply = await services.call(method, url, {
    headers: { authorization, ...(type === undefined ? {} : { "content-type": type }) },
    ...(body === "" ? {} : { raw: body }),
  });
  return { status: reply.status, contentType: String(reply.headers["content-type"] ?? ""), text: reply.text };
}
