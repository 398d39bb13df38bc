// What real clients see of each fault, and what the ledger then holds.
import { readFile } from "node:fs/promises";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Agent, request } from "undici";
import { startTestServices, type TestServices } from "../testing";
import { FaultRuleError, Faults, type RequestFault } from ".";

let services: TestServices;
let dispatcher: Agent;
let deaths = 0;
const faults = new Faults({ seed: 7, onDie: () => void (deaths += 1) });
let count = 0;

beforeAll(async () => {
  services = await startTestServices({ faults });
  dispatcher = new Agent({ connect: { ca: services.tls.ca } });
});
afterAll(async () => {
  await dispatcher.destroy();
  await services.end();
});
afterEach(() => faults.clear());

interface Seen {
  readonly status?: number;
  readonly text?: string;
  readonly retryAfter?: string;
  /** Code of the error, and of the error beneath. */
  readonly error?: string;
}

const draft = JSON.stringify({ contractId: "analytics", data: "text", labels: {}, approvers: [] });

function codeOf(error: unknown): string {
  const { code, cause, message, name } = error as { code?: unknown; cause?: unknown; message: string; name: string };
  if (name === "AbortError") return name;
  return typeof code === "string" ? code : cause === undefined ? message : codeOf(cause);
}

/** PUTs a new draft as undici sends it. */
async function viaUndici(id: string, signal?: AbortSignal): Promise<Seen> {
  try {
    const { statusCode, headers, body } = await request(`${services.governance.url}/userdocuments/${id}`, {
      method: "PUT",
      dispatcher,
      signal,
      headers: { authorization: `Bearer ${await services.token("litware")}`, "content-type": "application/json" },
      body: draft,
    });
    const text = await body.text();
    return { status: statusCode, text, retryAfter: headers["retry-after"]?.toString() };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

/** PUTs a new draft as node:https sends it, over a connection that has been used before. */
async function viaHttps(id: string): Promise<Seen> {
  const agent = new HttpsAgent({ keepAlive: true, maxSockets: 1, ca: services.tls.ca });
  const token = await services.token("litware");
  const send = (method: string, path: string, body?: string): Promise<Seen> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = httpsRequest(`${services.governance.url}${path}`, { method, agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("error", (error) => resolve({ error: codeOf(error) }));
        response.on("end", () => {
          resolve({ status: response.statusCode, text, retryAfter: response.headers["retry-after"] });
        });
      });
      sent.on("error", (error) => resolve({ error: codeOf(error) }));
      sent.end(body);
    });
  try {
    expect(await send("GET", "/ready")).toMatchObject({ status: 200 });
    return await send("PUT", `/userdocuments/${id}`, draft);
  } finally {
    agent.destroy();
  }
}

const newId = (): string => `faulty-${(count += 1)}`;
const isThere = (id: string): boolean => services.governance.getDocument(id) !== undefined;
const onPut = (rule: Partial<RequestFault> & Pick<RequestFault, "kind">): RequestFault => ({
  service: "governance",
  method: "PUT",
  ...rule,
});

async function ledgerOf(id: string): Promise<number> {
  const text = await readFile(services.home.path("ledger.jsonl"), "utf8");
  return text.split("\n").filter((line) => line.includes(`"${id}"`)).length;
}

/** Kind of fault; what both clients see; how many entries the ledger then has of the document. */
const CASES: readonly [rule: RequestFault, seen: Seen, written: 0 | 1][] = [
  [onPut({ kind: "refuse" }), { error: "ECONNRESET" }, 0],
  [onPut({ kind: "cut-in-request" }), { error: "BROKEN" }, 0],
  [onPut({ kind: "die-before-commit" }), { error: "BROKEN" }, 0],
  [onPut({ kind: "die-after-commit" }), { error: "BROKEN" }, 1],
  [onPut({ kind: "lose-answer" }), { error: "BROKEN" }, 1],
  [onPut({ kind: "cut-after-status" }), { error: "BROKEN" }, 1],
  [onPut({ kind: "cut-in-body" }), { error: "BROKEN" }, 1],
  [onPut({ kind: "429", retryAfterSeconds: 3 }), { status: 429, retryAfter: "3" }, 0],
  [onPut({ kind: "503", retryAfterSeconds: 0 }), { status: 503, retryAfter: "0" }, 0],
  [onPut({ kind: "delay", milliseconds: 50 }), { status: 200 }, 1],
  [onPut({ kind: "answer", answer: { status: 200, text: "<p>", contentType: "text/html" } }), { text: "<p>" }, 0],
  [onPut({ kind: "answer", answer: { status: 504, afterCommit: true } }), { status: 504 }, 1],
];

/** How a connection that is closed shows, according to who notices first. */
const BROKEN = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "HPE_INVALID_EOF_STATE"];

describe.each([
  ["undici", viaUndici],
  ["node:https", viaHttps],
])("%s", (_name, send) => {
  test.each(CASES.map(([rule, seen, written]) => [rule.kind, rule, seen, written] as const))(
    "sees %s as what it is, and the ledger holds what was carried out",
    async (_kind, rule, { error, ...seen }, written) => {
      const id = newId();
      const before = deaths;
      faults.add(rule);
      const got = await send(id);
      if (error === undefined) expect(got).toMatchObject(seen);
      else if (error === "BROKEN") expect(BROKEN).toContain(got.error);
      else expect(got.error).toBe(error);
      expect(await ledgerOf(id)).toBe(written);
      expect(isThere(id)).toBe(written === 1);
      expect(deaths - before).toBe(rule.kind.startsWith("die-") ? 1 : 0);
      expect(faults.list()).toMatchObject([{ matched: 1, fired: 1 }]);
    },
  );
});

test("a request that is not answered waits until the client goes away, and nothing is done", async () => {
  const id = newId();
  let noticed: (what: string) => void = () => undefined;
  const hit = new Promise<string>((resolve) => (noticed = resolve));
  faults.add(onPut({ kind: "no-answer" }), noticed);
  const leave = new AbortController();
  const seen = viaUndici(id, leave.signal);
  expect(await hit).toBe(`governance PUT /userdocuments/${id}`);
  expect(await Promise.race([seen, new Promise((resolve) => setTimeout(resolve, 100, "silence"))])).toBe("silence");
  leave.abort();
  expect((await seen).error).toBe("AbortError");
  expect(isThere(id)).toBe(false);
});

test("a delayed request is carried out though its client has gone", async () => {
  const id = newId();
  const leave = new AbortController();
  faults.add(onPut({ kind: "delay", milliseconds: 200 }), () => leave.abort());
  expect((await viaUndici(id, leave.signal)).error).toBe("AbortError");
  expect(isThere(id)).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(isThere(id)).toBe(true);
});

test("Retry-After can be a date", async () => {
  faults.add(onPut({ kind: "503", retryAfterSeconds: 60, asDate: true }));
  const { retryAfter = "" } = await viaUndici(newId());
  expect(retryAfter).toMatch(/ GMT$/);
  expect(Math.abs(Date.parse(retryAfter) - Date.now() - 60_000)).toBeLessThan(5_000);
});

test("an answer that is cut in its body begins as the real one", async () => {
  await viaUndici("to-be-cut");
  faults.add({ kind: "cut-in-body", method: "GET" });
  const { body, headers } = await request(`${services.governance.url}/userdocuments/to-be-cut`, {
    dispatcher,
    headers: { authorization: `Bearer ${await services.token("litware")}` },
  });
  expect(Number(headers["content-length"])).toBeGreaterThan(100);
  await expect(body.text()).rejects.toThrow("other side closed");
});

test("only what matches is hit: the nth match, so many times, by service, method and path", async () => {
  faults.add({ kind: "429", service: "governance", method: "put", path: "*/userdocuments/nth-*", nth: 2, times: 2 });
  faults.add({ kind: "503", service: "frontend" });
  const statuses: unknown[] = [];
  for (const id of ["nth-a", "other", "nth-b", "nth-c", "nth-d"]) statuses.push((await viaUndici(id)).status);
  expect(statuses).toEqual([200, 200, 429, 429, 200]);
  expect(faults.list()).toMatchObject([
    { matched: 4, fired: 2 },
    { matched: 0, fired: 0 },
  ]);
});

test("what is random is the same for the same seed, and another for another", async () => {
  const statuses = async (seed: number): Promise<unknown[]> => {
    const given = new Faults({ seed });
    given.add({ kind: "429", chance: 0.5 });
    const call = { service: "x", method: "GET", target: "/", received: () => Promise.resolve(), hold: () => undefined };
    const all = Array.from({ length: 40 }, () => given.gate(call, () => Promise.resolve({ status: 200 })));
    return (await Promise.all(all)).map((answer) => (answer as { status: number }).status);
  };
  expect(await statuses(1)).toEqual(await statuses(1));
  expect(await statuses(1)).not.toEqual(await statuses(2));
  const hit = (await statuses(1)).filter((status) => status === 429).length;
  expect(hit).toBeGreaterThan(8);
  expect(hit).toBeLessThan(32);
});

test.each([
  ["die-before-write", 0],
  ["die-after-write", 1],
] as const)("%s is met between the writes of one request", async (kind, written) => {
  const id = newId();
  const before = deaths;
  const leave = new AbortController();
  faults.add({ kind, change: "document", nth: 2 }, () => leave.abort());
  expect(await viaUndici(`${id}-first`)).toMatchObject({ status: 200 });
  expect((await viaUndici(id, leave.signal)).error).toBe("AbortError");
  expect(deaths - before).toBe(1);
  expect(await ledgerOf(id)).toBe(written);
});

test.each([
  ["fail-before-write", 0],
  ["fail-after-write", 1],
] as const)("%s answers 500, and the ledger holds what was written", async (kind, written) => {
  const id = newId();
  faults.add({ kind });
  expect(await viaUndici(id)).toMatchObject({ status: 500 });
  expect(await ledgerOf(id)).toBe(written);
});

test("blob storage and S3 fail in the same ways as the services that speak JSON", async () => {
  const { startRawService } = await import("../dataplanes/raw-server");
  const raw = await startRawService({
    service: "raw",
    port: 0,
    tls: services.tls,
    gate: faults.gate,
    log: () => undefined,
    handler: (given, response) => {
      given.resume().on("end", () => response.writeHead(201, { "x-own": "1" }).end("x".repeat(1000)));
      return new Promise((resolve) => response.once("finish", resolve));
    },
  });
  const get = async (): Promise<Seen> => {
    try {
      const { statusCode, body, headers } = await request(raw.url, { dispatcher });
      return { status: statusCode, text: await body.text(), retryAfter: headers["x-own"]?.toString() };
    } catch (error) {
      return { error: codeOf(error) };
    }
  };
  try {
    expect(await get()).toEqual({ status: 201, text: "x".repeat(1000), retryAfter: "1" });
    for (const kind of ["refuse", "cut-in-request", "lose-answer", "cut-after-status", "cut-in-body"] as const) {
      const id = faults.add({ kind, service: "raw" });
      expect([kind, BROKEN.includes((await get()).error ?? "")]).toEqual([kind, true]);
      faults.clear(id);
    }
    faults.add({ kind: "503", service: "raw" });
    expect(await get()).toMatchObject({ status: 503 });
  } finally {
    await raw.close();
  }
});

test("fails to set a fault that dies where nobody has said what dying is", () => {
  expect(() => new Faults().add({ kind: "die-before-commit" })).toThrow(FaultRuleError);
  expect(() => new Faults().add({ kind: "die-after-write" })).toThrow("needs a sandbox in a process of its own");
});

test("fails to take away a fault that is not set, naming those that are", () => {
  expect(() => faults.clear("9")).toThrow('There is no fault "9": none is set.');
  const id = faults.add({ kind: "refuse" });
  expect(() => faults.clear("none")).toThrow(`There is no fault "none": set are ${id}.`);
});
