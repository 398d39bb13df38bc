// What every route of the frontend checks, and the collaboration that it shows.
import { type Reply } from "../testing";
import { collaboration, collaborator, contractId } from "../world";
import { call, errorsOf, oid, refusal, services, tokens, url, useServices, VERSION } from "./testing";

useServices();

describe("every route", () => {
  test.each([
    ["without api-version", "", "ApiVersionRequired"],
    ["with another api-version", "?api-version=2020-01-01", "UnsupportedApiVersion"],
  ])("fails %s: 400", async (_, search, code) => {
    const reply = await services.call("GET", `${services.frontendUrl}/collaborations${search}`, {
      token: tokens.contosso,
    });
    expect(refusal(reply)).toEqual([400, code]);
  });

  test.each([
    ["without Authorization", {}, "MissingAuthorizationHeader"],
    ["with another scheme", { authorization: "Basic eA==" }, "InvalidAuthorizationHeader"],
    ["with a scheme alone", { authorization: "Bearer " }, "InvalidAuthorizationHeader"],
    ["with what is no token", { authorization: "Bearer hello" }, "InvalidToken"],
  ])("fails %s: 400", async (_, headers, code) => {
    expect(refusal(await services.call("GET", url("/analytics"), { headers: headers }))).toEqual([400, code]);
  });

  test("fails with a token that names no user: 400 InvalidToken", async () => {
    const { tenantId } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: oid("contosso"),
      audience: "https://management.azure.com",
    });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([400, "InvalidToken"]);
  });

  test("fails with an expired token: 401", async () => {
    const { tenantId, upn } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: oid("contosso"),
      upn,
      audience: "https://management.azure.com",
      seconds: -5,
    });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([
      401,
      "InvalidAuthenticationInfo",
    ]);
  });

  test("fails for an unknown collaboration, and for somebody who is no member: 404", async () => {
    const other = `${services.frontendUrl}/collaborations/none/analytics?${VERSION}`;
    expect(refusal(await services.call("GET", other, { token: tokens.contosso }))).toEqual([
      404,
      "CollaborationNotFound",
    ]);
    const token = await services.token("contosso", { upn: "stranger@contosso.example" });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([404, "CollaborationNotFound"]);
  });

  test("fails for a member whom governance does not know: 403, passed through", async () => {
    const token = await services.token("contosso", { userOid: "nobody" });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([403, "CallerNotAuthorized"]);
  });

  test("the body is checked before api-version and token", async () => {
    const target = `${services.frontendUrl}/collaborations/x/analytics/datasets/y/publish`;
    const reply = await services.call("POST", target, { body: {} });
    expect([reply.status, reply.headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
  });
});

describe("the collaboration", () => {
  const answer = { collaborationId: collaboration.id, collaborationName: collaboration.name, userStatus: "Active" };

  test("is listed in a wrapper, and answered alone", async () => {
    const list = await services.call("GET", `${services.frontendUrl}/collaborations?activeOnly=true&${VERSION}`, {
      token: tokens.contosso,
    });
    expect(list.body).toEqual({ collaborations: [answer] });
    expect((await call("contosso", "GET", "")).body).toEqual(answer);
  });

  test("names its collaborators and their owner", async () => {
    const { body } = await call("fabrikam", "GET", "/collaborators");
    const { collaborators } = body as { collaborators: { userIdentifier: string; isOwner: boolean }[] };
    expect(collaborators).toContainEqual({ userIdentifier: collaborator("litware").upn, isOwner: true });
    expect(collaborators).toContainEqual({ userIdentifier: collaborator("contosso").upn, isOwner: false });
  });

  test("fails to list with a token that is refused: 400 MembershipManagerRequestFailed", async () => {
    const token = `${tokens.contosso.slice(0, -8)}AAAAAAAA`;
    const reply = await services.call("GET", `${services.frontendUrl}/collaborations?${VERSION}`, { token });
    expect(refusal(reply)).toEqual([400, "MembershipManagerRequestFailed"]);
  });

  test("fails with a flag that is neither true nor false: 400", async () => {
    expect(errorsOf(await call("contosso", "GET", "?activeOnly=maybe"))).toEqual({
      activeOnly: ["The value 'maybe' is not valid."],
    });
  });

  test("an invitation goes from Open over Accepted to Finalized, and its user is then known to governance", async () => {
    const { tenantId } = collaborator("contosso");
    const upn = "new@contosso.example";
    await services.governance.change({ kind: "member", identifier: upn, status: "Invited", isOwner: false });
    await services.governance.change({ kind: "invitation", id: "invite-new", claims: { preferred_username: [upn] } });
    const token = await services.token("contosso", { userOid: "new-user", upn, tenantId });
    const as = (method: string, path: string): Promise<Reply> => services.call(method, url(path), { token });
    const pending = { invitationId: "invite-new", accountType: "microsoft", status: "Open" };
    expect((await as("GET", "/invitations?pendingOnly=true")).body).toEqual({ invitations: [pending] });
    expect((await as("POST", "/invitations/invite-new/accept")).status).toBe(204);
    expect((await as("GET", "/invitations/invite-new")).body).toMatchObject({
      status: "Finalized",
      userInfo: { userId: "new-user" },
    });
    expect((await as("GET", "/invitations?pendingOnly=true")).body).toEqual({ invitations: [] });
    expect((await as("GET", "")).body).toMatchObject({ userStatus: "Active" });
    expect((await as("GET", "/analytics")).status).toBe(200);
    expect((await as("POST", "/invitations/none/accept")).body).toEqual({
      error: "InvitationNotFound",
      message: "Invitation none not found",
    });
  });

  test("the contract and the report lead to governance", async () => {
    const { body } = await call("contosso", "GET", "/analytics");
    expect(body).toMatchObject({ id: contractId, state: "Accepted", data: expect.any(String) as string });
    expect((await call("contosso", "GET", "/report")).body).toMatchObject({
      cgs: { cgsEndpoint: services.governance.url, report: { platform: "virtual", report: null } },
      consortiumManager: { report: { platform: "virtual" } },
    });
  });

  test("fails to run a query: no analytics agent is deployed", async () => {
    expect(refusal(await call("contosso", "POST", "/analytics/queries/x/run", { runId: "1" }))).toEqual([
      400,
      "DeploymentEndpointNotFound",
    ]);
    expect(refusal(await call("contosso", "GET", "/analytics/queries/x/runs"))).toEqual([
      400,
      "DeploymentEndpointNotFound",
    ]);
  });
});
