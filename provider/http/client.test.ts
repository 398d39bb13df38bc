// Every request ends as done, refused, surely not done or unknown, against servers that really answer so.
import { createServer } from "node:net";
import { answering, json, type Answering, type Behaviour } from "../../test/helpers/answering";
import { CleanRoomError, RefusedError, UnknownOutcomeError, UnreachableError } from "../errors";
import { HttpClient, type Answer, type Call } from "./client";

const TOKEN = "header.cGF5bG9hZA.canary-signature";
let service: Answering;
let client: HttpClient;
let tokens: string[];

async function start(behave: Behaviour): Promise<void> {
  service = await answering(behave);
}
beforeEach(() => {
  tokens = [TOKEN, "fresh-token"];
  client = new HttpClient((fresh) => Promise.resolve((fresh ? tokens[1] : tokens[0]) ?? ""));
});
afterEach(async () => {
  await client.close();
  await service.close();
});

const send = (call: Partial<Call> = {}): Promise<Answer> =>
  client.send({
    method: "GET",
    url: `${service.url}/documents/x?secret=canary`,
    step: "read document 'x'",
    deadline: 5_000,
    ...call,
  });
async function failure(call: Partial<Call> = {}): Promise<CleanRoomError> {
  const outcome = await send(call).then(
    (answer) => new Error(`it was answered ${answer.status}`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof CleanRoomError)) {
    throw outcome;
  }
  return outcome;
}

describe("done", () => {
  test("answers status and JSON, having sent token and body", async () => {
    await start((response) => json(response, 200, { id: "x" }));
    const answer = await send({ method: "PUT", body: { a: 1 }, headers: { "x-extra": "1" } });
    expect([answer.status, answer.body]).toEqual([200, { id: "x" }]);
    expect(service.asked[0]).toMatchObject({
      method: "PUT",
      url: "/documents/x?secret=canary",
      body: '{"a":1}',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        accept: "application/json",
        "content-type": "application/json",
        "x-extra": "1",
      },
    });
  });

  test("sends no content type without content, and takes an empty answer for none", async () => {
    await start((response) => response.writeHead(204).end());
    expect(await send({ method: "POST" })).toMatchObject({ status: 204, body: undefined });
    expect(service.asked[0]?.headers["content-type"]).toBeUndefined();
  });

  test("answers that there is none, where the service says so in the words that the caller knows", async () => {
    await start((response) => json(response, 404, { error: { code: "UserDocumentNotFound", message: "none" } }));
    expect((await send({ absentCode: "UserDocumentNotFound" })).status).toBe(404);
  });

  test.each([
    ["another code", { error: { code: "CollaborationNotFound", message: "none" } }],
    ["no code", {}],
    ["nothing", undefined],
  ])("fails with a 404 that has %s: it does not say that there is none", async (_what, body) => {
    await start((response) => (body === undefined ? response.writeHead(404).end() : json(response, 404, body)));
    expect(await failure({ absentCode: "UserDocumentNotFound" })).toMatchObject({ status: 404 });
  });

  test("says with an answer where it came from, without its query", async () => {
    await start((response) => json(response, 200, {}));
    expect((await send()).where).toBe(`read document 'x': GET ${service.url}/documents/x`);
  });
});

describe("refused", () => {
  test("fails with step, request, the service's words and what to do, and with no secret", async () => {
    await start((response) =>
      json(response, 403, { error: { code: "CallerNotAuthorized", message: "The user is not registered." } }),
    );
    const error = await failure({ method: "POST", body: { value: "canary" } });
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ status: 403, code: "CallerNotAuthorized", said: "The user is not registered." });
    expect(error.message).toBe(
      `read document 'x': POST ${service.url}/documents/x answered 403: CallerNotAuthorized: The user is not registered.\n` +
        "This user is no collaborator of the clean room: ask the collaboration's owner for an invitation, and accept it.",
    );
    expect(`${String(error)}: ${error.stack ?? ""}`).toBe(`RefusedError: ${error.message}`);
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  test.each([
    ["CallerTenantNotAuthorized", "The token is of another tenant than the one this user is registered with"],
    ["InvalidToken", "sign in again, and check cleanroom:token (or CLEANROOM_TOKEN)"],
    ["InvalidAuthorizationHeader", "sign in again, and check cleanroom:token (or CLEANROOM_TOKEN)"],
  ])("fails with %s and its remedy", async (code, remedy) => {
    await start((response) => json(response, 403, { error: { code, message: "no" } }));
    expect((await failure()).message).toContain(remedy);
  });

  test("fails with the caller's own remedy before any other", async () => {
    await start((response) => json(response, 404, { error: { code: "NotFound", message: "no" } }));
    const remedy = (status: number, code?: string): string => `Look for ${code ?? "it"} (${status}).`;
    expect((await failure({ remedy })).message).toMatch(/\nLook for NotFound \(404\)\.$/);
  });

  test("fails once and for all: a refusal is not asked again", async () => {
    await start((response) => json(response, 409, { error: { code: "Exists", message: "no" } }));
    await failure({ method: "PUT" });
    expect(service.asked).toHaveLength(1);
  });

  test("fails when a page answers with 200 in the service's place", async () => {
    await start((response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html><title>Sign in</title></html>"),
    );
    const error = await failure();
    expect(error).toBeInstanceOf(RefusedError);
    expect(error.message).toContain("an HTML page (titled 'Sign in'), so this is not the service itself");
    expect(error.message).toContain("Check the service's address: a sign-in page or a proxy answered in its place.");
  });

  test("fails as unknown when a page answers a write: who sent it may have handed the write on", async () => {
    await start((response) => response.writeHead(200, { "content-type": "text/html" }).end("<html></html>"));
    const error = await failure({ method: "PUT", body: {} });
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain("answered 200, not JSON but 'text/html': an HTML page (untitled)");
    expect(service.asked).toHaveLength(1);
  });

  test.each(["", "text/plain", "application/jsonp", "text/html; charset=json"])(
    "fails when what is called '%s' answers",
    async (type) => {
      await start((response) => response.writeHead(200, type === "" ? {} : { "content-type": type }).end("{}"));
      expect((await failure()).message).toContain(`not JSON but '${type}'`);
    },
  );

  test("fails at an address that is no URL, before anything is sent", async () => {
    await start(() => undefined);
    expect((await failure({ url: "governance.example" })).message).toBe(
      "read document 'x': 'governance.example' is no URL. Check the service's address.",
    );
  });

  test("fails at an address where the token would travel in the open", async () => {
    await start(() => undefined);
    expect((await failure({ url: "http://vault.example/keys/x" })).message).toBe(
      "read document 'x': a token is sent to 'http://vault.example', so its address must begin with https.",
    );
  });

  test("fails when a page answers with an error, with the same remedy", async () => {
    await start((response) => response.writeHead(404, { "content-type": "text/html" }).end("<html></html>"));
    expect((await failure()).message).toContain("Check the service's address");
  });

  test("fails at a redirect, and takes the token nowhere", async () => {
    const elsewhere = await answering((response) => json(response, 200, {}));
    await start((response) => response.writeHead(302, { location: `${elsewhere.url}/login?state=canary` }).end());
    const error = await failure();
    expect(error.message).toContain(
      `answered 302: a redirect to ${elsewhere.url}/login, which is not followed with a token`,
    );
    expect(error.message).not.toContain("canary");
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });
});

describe("a token that is not accepted", () => {
  const unauthorized = { error: { code: "Unauthorized", message: "expired" } };

  test("is renewed once", async () => {
    await start((response, count) => json(response, count === 1 ? 401 : 200, count === 1 ? unauthorized : { ok: 1 }));
    expect((await send({ method: "POST" })).body).toEqual({ ok: 1 });
    expect(service.asked.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${TOKEN}`,
      "Bearer fresh-token",
    ]);
  });

  test("fails when the fresh one is not accepted either", async () => {
    await start((response) => json(response, 401, unauthorized));
    const error = await failure();
    expect(error.message).toContain("The token was not accepted: it may have expired. Sign in again");
    expect(service.asked).toHaveLength(2);
  });

  test("fails at once when there is no other", async () => {
    tokens = [TOKEN, TOKEN];
    await start((response) => json(response, 401, unauthorized));
    await failure();
    expect(service.asked).toHaveLength(1);
  });
});

describe("a passing trouble", () => {
  const busy: Behaviour = (response, count) =>
    count < 3 ? json(response, 503, { error: { code: "Busy", message: "later" } }) : json(response, 200, { ok: 1 });

  test("is waited out for what may be sent twice", async () => {
    await start(busy);
    expect((await send()).body).toEqual({ ok: 1 });
    expect(service.asked).toHaveLength(3);
  });

  test("is waited out for a POST that its caller calls idempotent", async () => {
    await start(busy);
    await send({ method: "POST", idempotent: true });
    expect(service.asked).toHaveLength(3);
  });

  test("fails for a POST, which could be done twice", async () => {
    await start(busy);
    expect(await failure({ method: "POST" })).toMatchObject({ status: 503, code: "Busy" });
    expect(service.asked).toHaveLength(1);
  });

  test("is waited out for a POST, too, where the service says that it did nothing", async () => {
    await start((response, count) => json(response, count === 1 ? 429 : 200, {}));
    await send({ method: "POST" });
    expect(service.asked).toHaveLength(2);
  });

  test("is waited out as long as the service asks", async () => {
    await start((response, count) => json(response, count === 1 ? 429 : 200, {}, { "retry-after": "1" }));
    const before = Date.now();
    await send();
    expect(Date.now() - before).toBeGreaterThanOrEqual(1_000);
  });

  test("fails, and names the pause, when the service asks for more than there is time", async () => {
    await start((response) => json(response, 503, {}, { "retry-after": "120" }));
    const before = Date.now();
    expect((await failure()).message).toContain("The service asks for a pause of 120 s: try again then.");
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(service.asked).toHaveLength(1);
  });

  test("fails with the last answer when the time is up", async () => {
    await start((response) => json(response, 500, { error: { code: "InternalError", message: "oh" } }));
    expect(await failure({ deadline: 300 })).toMatchObject({ status: 500, code: "InternalError" });
    expect(service.asked.length).toBeGreaterThan(1);
  });
});

describe("unknown", () => {
  test("fails within the deadline when no answer comes", async () => {
    await start(() => undefined);
    const before = Date.now();
    const error = await failure({ method: "POST", deadline: 300 });
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toBe(
      `read document 'x': POST ${service.url}/documents/x: no answer within the deadline (0.3 s). Whether it was carried out is not known; ` +
        "run `pulumi up` again: it looks first, and repeats only what is safe to repeat.",
    );
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(service.asked).toHaveLength(1);
  });

  test("fails within the deadline when the answer stops half-way", async () => {
    await start((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"id":');
    });
    const error = await failure({ deadline: 300 });
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toMatch(
      /no answer within the deadline \(0\.3 s\)\. Nothing was changed by asking: try again\.$/,
    );
  });

  test.each(["in the request", "in the body"])("fails when the connection is cut %s", async (where) => {
    await start((response) => {
      if (where === "in the body") {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
        response.write('{"id":');
        setTimeout(() => response.destroy(), 20);
      } else {
        response.destroy();
      }
    });
    const error = await failure({ method: "POST" });
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(service.asked).toHaveLength(1);
  });

  test("is resolved by asking again, where that is safe", async () => {
    await start((response, count) => (count === 1 ? response.destroy() : json(response, 200, { ok: 1 })));
    expect((await send({ method: "PUT", body: {} })).body).toEqual({ ok: 1 });
  });

  test("fails with JSON that is broken, without asking for more of it", async () => {
    await start((response) => response.writeHead(200, { "content-type": "application/json" }).end('{"id":'));
    const error = await failure();
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain("its answer is no use: broken JSON (6 characters)");
    expect(service.asked).toHaveLength(1);
  });

  test("fails with an answer larger than any is, without reading all of it", async () => {
    await start((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once("drain", more);
      };
      more();
    });
    const error = await failure();
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain("the answer is larger than 33554432 bytes");
    expect(service.asked).toHaveLength(1);
  });
});

describe("surely not done", () => {
  /** A port at which nothing listens. */
  async function nobody(): Promise<string> {
    await start(() => undefined);
    const { url } = service;
    await service.close();
    service = await answering(() => undefined);
    return url;
  }

  test("fails, once the time is up, when nothing answers there", async () => {
    const url = await nobody();
    const error = await failure({ method: "POST", url, deadline: 500 });
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toMatch(
      /ECONNREFUSED.*Nothing answers there: check the address and that the service runs\.$/,
    );
  });

  test("is repeated even for a POST, until the service is there", async () => {
    const url = await nobody();
    const late = createServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    });
    const answer = send({ method: "POST", url, deadline: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await new Promise<void>((resolve) => late.listen(Number(new URL(url).port), "127.0.0.1", resolve));
    expect((await answer).status).toBe(200);
    await new Promise((resolve) => late.close(resolve));
  });

  test("fails at once for a host that does not exist", async () => {
    await start(() => undefined);
    const error = await failure({ url: "https://cleanroom.invalid/" });
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain("check the address, and the network's DNS");
  });
});
