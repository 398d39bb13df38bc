// The base of the services: what it answers before and after a handler, and the gate that every request passes.
import { request } from "node:http";
import { connect } from "node:net";
import { type Gate, ok, type Route, type RunningService, ServiceError, startService } from ".";

let service: RunningService | undefined;
const logged: string[] = [];
let port = 0;

async function start(routes: Route[], gate?: Gate, bodyLimit?: number): Promise<void> {
  service = await startService({
    service: "test",
    port: 0,
    routes,
    gate,
    bodyLimit,
    log: (line) => logged.push(line),
  });
  port = service.port;
}
afterEach(async () => {
  await service?.close();
  logged.length = 0;
});

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

function call(method: string, path: string, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const echo: Route[] = [
  { method: "GET", path: "/things/mine", handler: () => ok("literal") },
  { method: "GET", path: "/things/:id", handler: ({ params }) => ok(params) },
  { method: "PUT", path: "/things/:id", handler: async (given) => ok(await given.json()) },
];

test("a parameter is decoded, and a literal segment is preferred to it", async () => {
  await start(echo);
  expect((await call("GET", "/things/a%2Fb%20c?x=1")).text).toBe('{"id":"a/b c"}');
  expect((await call("GET", "/things/%zz")).text).toBe('{"id":"%zz"}');
  expect((await call("GET", "/things/mine")).text).toBe('"literal"');
});

test("an unknown path is 404, and a known one with another method is 405 with what is allowed", async () => {
  await start(echo);
  expect((await call("GET", "/other")).status).toBe(404);
  expect((await call("GET", "/things/")).status).toBe(404);
  const reply = await call("DELETE", "/things/a");
  expect([reply.status, reply.headers.allow]).toEqual([405, "GET, PUT"]);
});

test("two requests that arrive at once on one connection are both answered", async () => {
  await start(echo);
  const text = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString();
      if (received.split("HTTP/1.1 200").length === 3) socket.end();
    });
    socket.on("close", () => resolve(received));
    socket.write("GET /things/a HTTP/1.1\r\nhost: x\r\n\r\nGET /things/b HTTP/1.1\r\nhost: x\r\n\r\n");
  });
  expect(text).toContain('{"id":"a"}');
  expect(text).toContain('{"id":"b"}');
});

test("every request passes the gate, which may answer in the handler's place or cut the line after it", async () => {
  const seen: string[] = [];
  const gate: Gate = async (given, next) => {
    seen.push(`${given.service} ${given.method} ${given.target}`);
    if (given.target === "/things/busy") return { status: 503, headers: { "retry-after": "1" } };
    const answer = await next();
    return given.target === "/things/lost" ? "cut" : answer;
  };
  await start(echo, gate);
  expect((await call("GET", "/things/a")).status).toBe(200);
  expect((await call("GET", "/things/busy")).headers["retry-after"]).toBe("1");
  await expect(call("GET", "/things/lost")).rejects.toThrow("socket hang up");
  expect(seen).toEqual(["test GET /things/a", "test GET /things/busy", "test GET /things/lost"]);
});

test("fails with a body above the limit: 413", async () => {
  await start(echo, undefined, 10);
  expect((await call("PUT", "/things/a", '"12345678901"')).status).toBe(413);
});

test("fails with the OData error that a handler throws, and with 500 for what it did not expect", async () => {
  const refuse = (): never => {
    throw new ServiceError(409, "Taken", "It is taken.");
  };
  const broken = (): never => {
    throw new TypeError("the secret is hunter2");
  };
  await start([
    { method: "GET", path: "/refuse", handler: refuse },
    { method: "GET", path: "/broken", handler: broken },
  ]);
  expect((await call("GET", "/refuse")).text).toBe('{"error":{"code":"Taken","message":"It is taken."}}');
  const reply = await call("GET", "/broken");
  expect([reply.status, reply.text]).toEqual([
    500,
    '{"error":{"code":"InternalError","message":"Exception thrown while executing."}}',
  ]);
  expect(logged.join()).toContain("hunter2");
});

test("fails to start on a port that is taken, naming it", async () => {
  await start(echo);
  const again = startService({ service: "second", port, routes: [], log: () => undefined });
  await expect(again).rejects.toThrow(
    `second cannot listen on 127.0.0.1:${port}: another program has taken it; end that program`,
  );
});
