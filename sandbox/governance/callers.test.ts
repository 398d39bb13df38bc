// Who may call governance, and how everybody else is refused.
import { SignJWT } from "jose";
import { openSigningKey } from "../signin";
import { type Reply } from "../testing";
import { collaborator } from "../world";
import { refusal, services, useServices } from "./testing";

useServices();

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
