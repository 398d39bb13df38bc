// Governance through its REST face, row by row as the real service answers.
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { openSigningKey } from "../signin";
import { startTestServices, type Person, type Reply, type TestServices } from "../testing";
import { cleanRoomHostData, collaborator } from "../world";

let services: TestServices;
const tokens = {} as Record<Person, string>;
let count = 0;

beforeAll(async () => {
  services = await startTestServices();
  for (const name of ["contosso", "litware", "fabrikam"] as const) tokens[name] = await services.token(name);
});
afterAll(() => services.end());

interface Document {
  readonly version: string;
  readonly proposalId: string;
  readonly [key: string]: unknown;
}
const oid = (name: Person): string => collaborator(name).userOid;
const call = (who: Person, method: string, path: string, body?: unknown): Promise<Reply> =>
  services.call(method, `${services.governance.url}${path}`, { token: tokens[who], body });
const approvers = (...names: Person[]): unknown[] =>
  names.map((name) => ({ approverId: oid(name), approverIdType: "user" }));
const refusal = ({ status, body }: Reply): [number, string] => [
  status,
  (body as { error: { code: string } }).error.code,
];
const newId = (): string => `document-${(count += 1)}`;

const content = { contractId: "analytics", data: "text", labels: { type: "test" }, approvers: [] as unknown[] };
const put = (who: Person, id: string, change: Record<string, unknown> = {}): Promise<Reply> =>
  call(who, "PUT", `/userdocuments/${id}`, { ...content, ...change });
const get = async (id: string): Promise<Document> =>
  (await call("litware", "GET", `/userdocuments/${id}`)).body as Document;
const propose = (who: Person, id: string, version?: string): Promise<Reply> =>
  call(who, "POST", `/userdocuments/${id}/propose`, { version });
const vote = (who: Person, id: string, proposalId: string, how = "accept"): Promise<Reply> =>
  call(who, "POST", `/userdocuments/${id}/vote_${how}`, { proposalId });

async function draft(...names: Person[]): Promise<{ id: string; version: string }> {
  const id = newId();
  await put("fabrikam", id, { approvers: approvers(...names) });
  return { id, version: (await get(id)).version };
}

async function proposed(...names: Person[]): Promise<{ id: string; version: string; proposalId: string }> {
  const { id, version } = await draft(...names);
  const { body } = await propose("fabrikam", id, version);
  return { id, version, proposalId: (body as Document).proposalId };
}

async function accepted(...names: Person[]): Promise<{ id: string; version: string; proposalId: string }> {
  const document = await proposed(...names);
  for (const name of names) await vote(name, document.id, document.proposalId);
  return document;
}

describe("callers", () => {
  const read = (headers: Record<string, string>): Promise<Reply> =>
    services.call("GET", `${services.governance.url}/userdocuments`, { headers });

  test("fails without a token: 401, with the challenge", async () => {
    const reply = await read({});
    expect(refusal(reply)).toEqual([401, "InvalidAuthenticationInfo"]);
    expect(reply.headers["www-authenticate"]).toContain("Bearer");
  });

  test("fails with an expired token: 401, and says that it expired", async () => {
    const { tenantId, userOid } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: userOid,
      audience: "https://management.azure.com",
      seconds: -5,
    });
    const reply = await read({ authorization: `Bearer ${token}` });
    expect(refusal(reply)).toEqual([401, "InvalidAuthenticationInfo"]);
    expect(reply.text).toContain("The token expired at");
  });

  test("fails with a token for another service: 401", async () => {
    const { tenantId, userOid } = collaborator("contosso");
    const token = await services.signIn.issue({ tenantId, oid: userOid, audience: "https://vault.azure.net" });
    expect(refusal(await read({ authorization: `Bearer ${token}` }))).toEqual([401, "InvalidAuthenticationInfo"]);
  });

  test("fails for somebody who is not registered: 403 CallerNotAuthorized", async () => {
    const token = await services.token("contosso", { userOid: "nobody" });
    expect(refusal(await read({ authorization: `Bearer ${token}` }))).toEqual([403, "CallerNotAuthorized"]);
  });

  test("fails for a registered user of another tenant: 403 CallerTenantNotAuthorized, naming both", async () => {
    const token = await services.token("contosso", { tenantId: collaborator("litware").tenantId });
    const reply = await read({ authorization: `Bearer ${token}` });
    expect(refusal(reply)).toEqual([403, "CallerTenantNotAuthorized"]);
    expect(reply.text).toContain(`Expected tenant ID is ${collaborator("contosso").tenantId}.`);
  });

  test("fails with a token that has no oid: 500 InternalError", async () => {
    const { tenantId: tid } = collaborator("contosso");
    const { privateKey } = await openSigningKey(services.home.path("sign-in.key"));
    const token = await new SignJWT({ tid })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(`${services.signIn.authority}/${tid}/v2.0`)
      .setAudience("https://management.azure.com")
      .setExpirationTime("1h")
      .sign(privateKey);
    expect(refusal(await read({ authorization: `Bearer ${token}` }))).toEqual([500, "InternalError"]);
  });

  test("a pipeline's application is registered beside its user", async () => {
    const { tenantId, pipelineOid } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: pipelineOid,
      appid: pipelineOid,
      audience: "https://management.azure.com",
    });
    expect((await read({ authorization: `Bearer ${token}` })).status).toBe(200);
  });
});

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

describe("proposals", () => {
  test("an open proposal is what a reader sees", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    expect(proposalId).toMatch(/^[0-9a-f]{32}$/);
    expect(await get(id)).toMatchObject({ state: "Proposed", version, proposalId, proposerId: oid("fabrikam") });
    const status = await call("litware", "GET", `/users/proposals/${proposalId}/status`);
    expect(status.body).toEqual({ proposerId: oid("fabrikam"), state: "Open", ballots: [] });
    const proposal = await call("litware", "GET", `/users/proposals/${proposalId}`);
    expect(proposal.body).toMatchObject({ proposalId, name: "set_user_document", args: { documentId: id } });
  });

  test("an update while proposed is taken, and neither seen nor accepted", async () => {
    const { id, version, proposalId } = await proposed("litware");
    expect((await put("contosso", id, { version, data: "later" })).status).toBe(200);
    expect(await get(id)).toMatchObject({ state: "Proposed", data: "text", version });
    expect(refusal(await put("contosso", id, { version: (await get(id)).version }))).toEqual([
      412,
      "PreconditionFailed",
    ]);
    await vote("litware", id, proposalId);
    expect(await get(id)).toMatchObject({ state: "Accepted", data: "text" });
  });

  test("the last needed accept makes the document accepted, with a new version and the votes", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    const first = await vote("litware", id, proposalId);
    expect(first.body).toMatchObject({ state: "Open", ballots: [{ approverId: oid("litware"), ballot: "accepted" }] });
    expect((await get(id)).state).toBe("Proposed");
    expect((await vote("contosso", id, proposalId)).body).toMatchObject({ state: "Accepted" });
    const document = await get(id);
    expect(document).toMatchObject({
      state: "Accepted",
      proposalId,
      proposerId: oid("fabrikam"),
      finalVotes: [
        { approverId: oid("litware"), ballot: "accepted" },
        { approverId: oid("contosso"), ballot: "accepted" },
      ],
    });
    expect(document.version).not.toBe(version);
  });

  test("one reject makes it a draft again, with its old version", async () => {
    const { id, version, proposalId } = await proposed("litware", "contosso");
    expect((await vote("litware", id, proposalId, "reject")).body).toMatchObject({ state: "Rejected" });
    expect(await get(id)).toMatchObject({ state: "Draft", version, proposalId: "" });
  });

  test("withdrawing makes it a draft again, and it may be proposed anew", async () => {
    const { id, version, proposalId } = await proposed("litware");
    const reply = await call("fabrikam", "POST", `/users/proposals/${proposalId}/withdraw`);
    expect(reply.body).toEqual({ proposerId: oid("fabrikam"), state: "Withdrawn", ballots: [] });
    expect(await get(id)).toMatchObject({ state: "Draft", version });
    expect((await propose("litware", id, version)).status).toBe(200);
  });

  test("approvers that are left out become the active members", async () => {
    const id = newId();
    await put("fabrikam", id);
    await propose("fabrikam", id, (await get(id)).version);
    expect((await get(id)).approvers).toEqual([
      { approverId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, approverIdType: "member" },
    ]);
  });

  test("a forged proposal alone makes a document accepted, with other content and other approvers", async () => {
    const { id } = await draft("litware", "contosso");
    const forged = { contractId: "analytics", data: "forged", labels: {} };
    const { body } = await call("fabrikam", "POST", "/users/proposals/create", {
      name: "set_user_document",
      args: { documentId: id, document: forged },
      approvers: approvers("fabrikam"),
    });
    const { proposalId } = body as Document;
    expect((await call("fabrikam", "POST", `/users/proposals/${proposalId}/ballots/vote_accept`)).status).toBe(200);
    expect(await get(id)).toMatchObject({ state: "Accepted", data: "forged", approvers: approvers("fabrikam") });
  });

  test.each([
    ["of another kind", { name: "set_contract", args: {} }, 400, "InvalidProposalType"],
    ["without a document id", { name: "set_user_document", args: {} }, 400, "InvalidUserDocumentId"],
    ["without arguments", { name: "set_user_document" }, 500, "InternalError"],
  ])("fails to create a proposal %s", async (_, body, status, code) => {
    expect(refusal(await call("fabrikam", "POST", "/users/proposals/create", body))).toEqual([status, code]);
  });

  test("fails to propose without a version, with a stale one, or twice", async () => {
    const { id, version } = await draft("litware");
    expect(refusal(await propose("fabrikam", id))).toEqual([400, "VersionMissing"]);
    expect(refusal(await propose("fabrikam", id, "1.1"))).toEqual([400, "UserDocumentModified"]);
    await propose("fabrikam", id, version);
    expect(refusal(await propose("litware", id, version))).toEqual([409, "UserDocumentAlreadyProposed"]);
  });

  test("fails to update or propose an accepted document: 405, and with the draft's old version 400", async () => {
    const { id, version } = await accepted("litware");
    expect(refusal(await put("fabrikam", id, { version }))).toEqual([405, "UserDocumentAlreadyAccepted"]);
    expect(refusal(await propose("fabrikam", id, (await get(id)).version))).toEqual([
      405,
      "UserDocumentAlreadyAccepted",
    ]);
    expect(refusal(await propose("fabrikam", id, version))).toEqual([400, "UserDocumentModified"]);
  });

  test("fails to vote for one who is no approver, the proposer included: 403", async () => {
    const { id, proposalId } = await proposed("litware");
    expect(refusal(await vote("fabrikam", id, proposalId))).toEqual([403, "NotProposalApprover"]);
  });

  test("fails to vote twice, while open and after acceptance: 409", async () => {
    const { id, proposalId } = await proposed("litware", "contosso");
    await vote("litware", id, proposalId);
    expect(refusal(await vote("litware", id, proposalId))).toEqual([409, "BallotAlreadySubmitted"]);
    await vote("contosso", id, proposalId);
    expect(refusal(await vote("litware", id, proposalId))).toEqual([409, "ProposalNotOpen"]);
  });

  test("fails to vote without the open proposal's id: 400", async () => {
    const { id, proposalId } = await proposed("litware");
    expect(refusal(await call("litware", "POST", `/userdocuments/${id}/vote_accept`, {}))).toEqual([
      400,
      "ProposalIdMissing",
    ]);
    expect(refusal(await vote("litware", id, "other"))).toEqual([400, "ProposalIdMismatch"]);
    await vote("litware", id, proposalId, "reject");
    expect(refusal(await vote("litware", id, proposalId))).toEqual([400, "UserDocumentNotProposed"]);
  });

  test("fails to withdraw for another than the proposer, and when it is not open", async () => {
    const { id, proposalId } = await proposed("litware");
    const path = `/users/proposals/${proposalId}/withdraw`;
    expect(refusal(await call("litware", "POST", path))).toEqual([403, "NotProposalOwner"]);
    await vote("litware", id, proposalId);
    expect(refusal(await call("fabrikam", "POST", path))).toEqual([409, "ProposalNotOpen"]);
  });

  test("fails to read an unknown proposal: 404", async () => {
    expect(refusal(await call("litware", "GET", "/users/proposals/x"))).toEqual([404, "ProposalNotFound"]);
    expect(refusal(await call("litware", "GET", "/users/proposals/x/status"))).toEqual([404, "ProposalNotFound"]);
    expect(refusal(await call("litware", "POST", "/users/proposals/x/withdraw"))).toEqual([404, "ProposalNotFound"]);
  });
});

describe("consent", () => {
  const set = (who: Person, id: string, option: string, how: string): Promise<Reply> =>
    call(who, "POST", `/userdocuments/${id}/runtimeoptions/${option}/${how}`);
  const status = (id: string, option = "execution"): Promise<Reply> =>
    call("fabrikam", "POST", `/userdocuments/${id}/checkstatus/${option}`);

  test("one approver's disable holds until that same approver enables", async () => {
    const { id } = await accepted("litware", "contosso");
    expect((await status(id)).body).toEqual({ status: "enabled" });
    expect((await set("litware", id, "execution", "disable")).status).toBe(200);
    await set("contosso", id, "execution", "enable");
    expect((await status(id)).body).toEqual({
      status: "disabled",
      reason: {
        code: "UserDocumentRuntimeOptionDisabled",
        message: `UserDocument runtime option 'execution' for document ${id} has been disabled by the following approver(s): m[${oid("litware")}].`,
      },
    });
    expect((await status(id, "telemetry")).body).toEqual({ status: "enabled" });
    await set("litware", id, "execution", "enable");
    expect((await status(id)).body).toEqual({ status: "enabled" });
  });

  test("a draft is disabled", async () => {
    const { id } = await draft("litware");
    expect((await status(id)).body).toMatchObject({ status: "disabled", reason: { code: "UserDocumentNotAccepted" } });
  });

  test("fails to set for a draft (400), for no document (404), and for one who is no approver (403)", async () => {
    const { id } = await draft("litware");
    expect(refusal(await set("litware", id, "execution", "disable"))).toEqual([400, "UserDocumentNotAccepted"]);
    expect(refusal(await set("litware", "nothing", "execution", "disable"))).toEqual([404, "UserDocumentNotFound"]);
    const other = await accepted("litware");
    expect(refusal(await set("fabrikam", other.id, "execution", "disable"))).toEqual([403, "NotUserDocumentApprover"]);
  });

  test("fails with an unknown option: 400", async () => {
    const { id } = await accepted("litware");
    expect(refusal(await set("litware", id, "other", "disable"))).toEqual([400, "InvalidUserDocumentRuntimeOption"]);
    expect(refusal(await status(id, "other"))).toEqual([400, "InvalidUserDocumentRuntimeOption"]);
  });
});

describe("contracts, policy and secrets", () => {
  test("the contract is accepted, with its data as a JSON string", async () => {
    const { body } = await call("fabrikam", "GET", "/contracts/analytics");
    expect(body).toMatchObject({ id: "analytics", state: "Accepted" });
    expect(JSON.parse((body as { data: string }).data)).toHaveProperty("ccrgovServiceCertDiscovery.endpoint");
    expect(refusal(await call("fabrikam", "GET", "/contracts/other"))).toEqual([404, "ContractNotFound"]);
  });

  test("the clean room policy is accepted from the start; an unknown contract's is empty", async () => {
    const policy = { "x-ms-sevsnpvm-hostdata": [cleanRoomHostData] };
    expect((await call("fabrikam", "GET", "/contracts/analytics/cleanroompolicy")).body).toEqual({
      proposalIds: [],
      policy,
    });
    expect((await call("fabrikam", "GET", "/contracts/other/cleanroompolicy")).body).toEqual({
      proposalIds: [],
      policy: {},
    });
  });

  test("a secret is put under the caller's id, listed, and never read back", async () => {
    const secretId = `${oid("litware")}_connection`;
    const reply = await call("litware", "PUT", "/contracts/analytics/secrets/connection", { value: "canary" });
    expect([reply.status, reply.body]).toEqual([200, { secretId }]);
    const list = await call("fabrikam", "GET", "/contracts/analytics/secrets");
    expect(list.body).toEqual({ value: [{ secretId }] });
    expect(list.text).not.toContain("canary");
    expect(services.governance.readSecretAsCleanRoom(secretId, cleanRoomHostData)).toBe("canary");
  });

  test("a secret of 25,600 characters is taken, even for a contract that does not exist", async () => {
    const reply = await call("litware", "PUT", "/contracts/none/secrets/long", { value: "x".repeat(25_600) });
    expect(reply.status).toBe(200);
  });

  test("fails with a secret of 25,601 characters, or none", async () => {
    const path = "/contracts/analytics/secrets/long";
    expect(refusal(await call("litware", "PUT", path, { value: "x".repeat(25_601) }))).toEqual([400, "ValueTooLarge"]);
    expect(refusal(await call("litware", "PUT", path, { value: "" }))).toEqual([400, "ValueMissing"]);
    expect(refusal(await call("litware", "PUT", path, {}))).toEqual([400, "ValueMissing"]);
  });

  test("fails to hand a secret to a clean room of other host data", () => {
    const read = (): string =>
      services.governance.readSecretAsCleanRoom(`${oid("litware")}_connection`, "00".repeat(32));
    expect(read).toThrow("Attestation claims do not match the contract policy");
  });
});

describe("issuer", () => {
  test("the tenant's own URL is beside the common one, once anybody of the tenant has set it", async () => {
    const before = await call("contosso", "GET", "/oidc/issuerInfo");
    expect(before.body).toEqual({ enabled: true, issuerUrl: `${services.governance.url}/app/oidc` });
    const url = "https://contosso.example/oidc";
    expect((await call("contosso", "POST", "/oidc/setIssuerUrl", { url })).status).toBe(200);
    const tenantData = { tenantId: collaborator("contosso").tenantId, issuerUrl: url };
    expect((await call("contosso", "GET", "/oidc/issuerInfo")).body).toMatchObject({ tenantData });
    expect((await call("litware", "GET", "/oidc/issuerInfo")).body).not.toHaveProperty("tenantData");
    expect(services.governance.tenantIssuer(collaborator("contosso").tenantId)).toBe(url);
  });

  test("the common issuer serves its discovery document and keys to anyone", async () => {
    const issuer = `${services.governance.url}/app/oidc`;
    const document = (await services.call("GET", `${issuer}/.well-known/openid-configuration`)).body;
    expect(document).toMatchObject({ issuer, jwks_uri: `${issuer}/keys` });
    const { keys } = (await services.call("GET", `${issuer}/keys`)).body as { keys: unknown[] };
    expect(keys).toEqual([services.governance.jwk()]);
  });

  test("the attested clean room's token verifies with the key set, once the key is not held to its alg", async () => {
    const request = {
      tenantId: collaborator("litware").tenantId,
      subject: "analytics-owner",
      audience: "api://AzureADTokenExchange",
    };
    const token = await services.governance.issueCleanRoomToken({ ...request, hostData: cleanRoomHostData });
    const key = { ...services.governance.jwk(), alg: undefined };
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [key] }));
    expect(protectedHeader.alg).toBe("PS256");
    expect(payload).toMatchObject({
      iss: `${services.governance.url}/app/oidc`,
      sub: "analytics-owner",
      aud: request.audience,
    });
    await expect(services.governance.issueCleanRoomToken({ ...request, hostData: "00" })).rejects.toThrow(
      "do not match",
    );
  });

  test("fails to set what is no web address: 400 InvalidUrl", async () => {
    expect(refusal(await call("contosso", "POST", "/oidc/setIssuerUrl", { url: "ftp://x" }))).toEqual([
      400,
      "InvalidUrl",
    ]);
  });
});

describe("audit events", () => {
  const path = "/contracts/analytics/events";
  const events = async (query = ""): Promise<Reply> => call("litware", "GET", `${path}${query}`);
  const record = (message: string): Promise<void> =>
    services.governance.change({
      kind: "event",
      contractId: "analytics",
      scope: "",
      id: "analytics",
      timestamp: "1700000000000",
      data: { source: "clean room", message },
    });
  const messages = ({ body }: Reply): string[] =>
    (body as { value: { data: { message: string } }[] }).value.map((each) => each.data.message);

  test("without a range only the latest is answered; with one all, after a first 202", async () => {
    expect((await events()).body).toEqual({ value: [] });
    for (const message of ["one", "two", "three"]) await record(message);
    expect(messages(await events())).toEqual(["three"]);
    const first = await events("?from_seqno=1");
    expect([first.status, first.headers["retry-after"]]).toEqual([202, "1"]);
    const second = await events("?from_seqno=1");
    expect(messages(second)).toEqual(["one", "two", "three"]);
    expect(second.body).not.toHaveProperty("nextLink");
  });

  test("pages may be empty and still lead on", async () => {
    await events("?from_seqno=1&max_seqno_per_page=5");
    const page = await events("?from_seqno=1&max_seqno_per_page=5");
    expect(messages(page)).toEqual([]);
    const { nextLink } = page.body as { nextLink: string };
    expect(nextLink).toMatch(/^\/contracts\/analytics\/events\?from_seqno=7&to_seqno=\d+&id=analytics&scope=$/);
    await call("litware", "GET", nextLink);
    expect(messages(await call("litware", "GET", nextLink))).toEqual(["one", "two", "three"]);
  });

  test.each(["?from_seqno=999999", "?to_seqno=999999", "?from_seqno=x"])(
    "fails with the range %s: 500",
    async (query) => {
      expect(refusal(await events(query))).toEqual([500, "InternalError"]);
    },
  );
});
