// Drafts and lists of user documents, row by row as the real service answers.
import { approvers, call, draft, get, newId, put, refusal, services, tokens, useServices } from "./testing";

useServices();

describe("drafts", () => {
  test("a new document is a draft without proposal or proposer", async () => {
    const id = newId();
    const reply = await put("fabrikam", id, { approvers: approvers("litware") });
    expect([reply.status, reply.text]).toEqual([200, ""]);
    expect(await get(id)).toEqual({
      id,
      state: "Draft",
      version: expect.stringMatching(/^\d+\.\d+$/) as string,
      contractId: "analytics",
      data: "text",
      labels: { type: "test" },
      approvers: approvers("litware"),
      proposalId: "",
      proposerId: "",
    });
  });

  test("anyone registered may update somebody else's draft, approvers included", async () => {
    const { id, version } = await draft("contosso");
    expect((await put("litware", id, { version, data: "theirs", approvers: approvers("litware") })).status).toBe(200);
    expect(await get(id)).toMatchObject({ data: "theirs", approvers: approvers("litware") });
  });

  test("versions are of view and sequence number, with gaps", async () => {
    const { id, version } = await draft("contosso");
    await put("fabrikam", id, { version });
    const [view, seqno] = version.split(".").map(Number);
    const [nextView, nextSeqno] = (await get(id)).version.split(".").map(Number);
    expect(nextView).toBe(view);
    expect(nextSeqno).toBeGreaterThan((seqno ?? 0) + 1);
  });

  test("fails to create what exists, that is to update without a version: 409", async () => {
    const { id } = await draft("contosso");
    expect(refusal(await put("fabrikam", id))).toEqual([409, "UserDocumentAlreadyExists"]);
    expect(refusal(await put("fabrikam", id, { version: "" }))).toEqual([409, "UserDocumentAlreadyExists"]);
  });

  test("fails to update with a stale version: 412", async () => {
    const { id, version } = await draft("contosso");
    await put("fabrikam", id, { version });
    expect(refusal(await put("fabrikam", id, { version }))).toEqual([412, "PreconditionFailed"]);
  });

  test.each([
    ["a contract", { contractId: undefined }, 400, "ContractIdMissing"],
    ["a contract that exists", { contractId: "other" }, 404, "ContractNotFound"],
    ["data", { data: undefined }, 400, "DataMissing"],
  ])("fails without %s", async (_, change, status, code) => {
    expect(refusal(await put("fabrikam", newId(), change))).toEqual([status, code]);
  });

  test("fails to read what is not there: 404", async () => {
    expect(refusal(await call("fabrikam", "GET", "/userdocuments/nothing"))).toEqual([404, "UserDocumentNotFound"]);
  });

  test("fails to delete anything: 405", async () => {
    const { id } = await draft("contosso");
    expect((await call("fabrikam", "DELETE", `/userdocuments/${id}`)).status).toBe(405);
    expect((await call("fabrikam", "DELETE", "/contracts/analytics/secrets/x")).status).toBe(405);
  });

  test("fails with a body that is no JSON object: 400, as a problem", async () => {
    const url = `${services.governance.url}/userdocuments/${newId()}`;
    for (const raw of ["{", "[]", '"x"', "null"]) {
      const reply = await services.call("PUT", url, { token: tokens.fabrikam, raw });
      expect([reply.status, reply.headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
    }
  });

  test("fails with a body of another content type: 415", async () => {
    const url = `${services.governance.url}/userdocuments/${newId()}`;
    const reply = await services.call("PUT", url, {
      token: tokens.fabrikam,
      raw: "x",
      headers: { "content-type": "text/plain" },
    });
    expect(reply.status).toBe(415);
  });

  test("fails with more than a mebibyte: 413, and the connection goes on", async () => {
    expect(refusal(await put("fabrikam", newId(), { data: "x".repeat(1024 * 1024) }))).toEqual([
      413,
      "RequestBodyTooLarge",
    ]);
    expect((await put("fabrikam", newId(), { data: "x".repeat(1024 * 1000) })).status).toBe(200);
  });
});

describe("lists", () => {
  test("a selector asks for every label it names", async () => {
    const id = newId();
    await put("fabrikam", id, { labels: { type: "listed", stage: "one" } });
    const list = async (selector: string): Promise<unknown> =>
      (await call("litware", "GET", `/userdocuments?labelSelector=${encodeURIComponent(selector)}`)).body;
    const found = { value: [{ id, labels: { type: "listed", stage: "one" } }] };
    expect(await list("type:listed")).toEqual(found);
    expect(await list("type:listed,stage:one")).toEqual(found);
    expect(await list("type:listed,stage:two")).toEqual({ value: [] });
  });

  test.each(["type", "type:", ":x", "a:b:c", "a:b,"])(
    "fails with the selector %j: 400 InvalidParameter",
    async (selector) => {
      expect(refusal(await call("litware", "GET", `/userdocuments?labelSelector=${selector}`))).toEqual([
        400,
        "InvalidParameter",
      ]);
    },
  );
});
