// Consent, secrets, the issuer, the release policy and audit events through the frontend.
import { cleanRoomHostData, contractId } from "../world";
import { call, errorsOf, oid, published, refusal, services, url, useServices } from "./testing";

useServices();

describe("consent, secrets, issuer and policy", () => {
  test("consent of an accepted document is switched by its approver", async () => {
    const id = await published("contosso");
    expect((await call("litware", "GET", `/consent/${id}`)).body).toEqual({ status: "enabled" });
    expect((await call("contosso", "PUT", `/consent/${id}`, { consentAction: "disable" })).status).toBe(204);
    expect((await call("litware", "GET", `/consent/${id}`)).body).toMatchObject({ status: "disabled" });
  });

  test("fails with another consent action (500), and for one who is no approver (403)", async () => {
    const id = await published("contosso");
    expect(refusal(await call("contosso", "PUT", `/consent/${id}`, { consentAction: "Disable" }))).toEqual([
      500,
      "ArgumentException",
    ]);
    expect(refusal(await call("litware", "PUT", `/consent/${id}`, { consentAction: "disable" }))).toEqual([
      403,
      "NotUserDocumentApprover",
    ]);
    expect(errorsOf(await call("contosso", "PUT", `/consent/${id}`, {}))).toEqual({
      consentAction: ["The ConsentAction field is required."],
    });
  });

  test("a secret is taken as secretConfig, and stored as it came", async () => {
    const secretConfig = Buffer.from('{"awsAccessKeyId":"x"}').toString("base64");
    const reply = await call("litware", "PUT", "/analytics/secrets/connection", {
      secretConfig,
      secretValue: secretConfig,
    });
    const secretId = `${oid("litware")}_connection`;
    expect([reply.status, reply.body]).toEqual([200, { secretId }]);
    expect(services.governance.readSecretAsCleanRoom(secretId, cleanRoomHostData)).toBe(secretConfig);
  });

  test("fails with secretValue alone: 400, as a problem", async () => {
    const reply = await call("litware", "PUT", "/analytics/secrets/connection", { secretValue: "x" });
    expect(errorsOf(reply).$?.[0]).toContain("missing required properties including: 'secretConfig'");
  });

  test("the issuer's answers have nulls for what is not set, and its refusals are plain strings", async () => {
    const issuerUrl = `${services.governance.url}/app/oidc`;
    expect((await call("fabrikam", "GET", "/oidc/issuerInfo")).body).toEqual({
      enabled: true,
      issuerUrl,
      tenantData: null,
    });
    const set = await call("fabrikam", "POST", "/oidc/setIssuerUrl", { url: "https://fabrikam.example" });
    expect(set.body).toEqual({ url: "https://fabrikam.example", message: "Successfully set OIDC issuer URL." });
    expect((await call("fabrikam", "GET", "/oidc/issuerInfo")).body).toMatchObject({
      tenantData: { issuerUrl: "https://fabrikam.example" },
    });
    const refused = await call("fabrikam", "POST", "/oidc/setIssuerUrl", { url: "nowhere" });
    expect([refused.status, refused.text]).toEqual([
      400,
      "Error setting OIDC issuer URL: Url should have http or https as its scheme but scheme is undefined.",
    ]);
    const keys = (await call("fabrikam", "GET", "/oidc/keys")).body as { keys: unknown[] };
    expect(keys.keys).toEqual([expect.objectContaining({ kty: "RSA", alg: "RS256", x5c: null })]);
    const without = await services.call("GET", url("/oidc/issuerInfo"));
    expect([without.status, without.text]).toEqual([
      400,
      "Error getting OIDC issuer info: The Authorization header is missing.",
    ]);
  });

  test("the release policy has the first host data, and the authority of the dataset's KEK or none", async () => {
    const id = await published("contosso");
    const allOf = [
      { claim: "x-ms-sevsnpvm-hostdata", equals: cleanRoomHostData },
      { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
      { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
    ];
    const policy = async (dataset: string): Promise<unknown> =>
      (await call("contosso", "GET", `/analytics/datasets/${dataset}/skrpolicy`)).body;
    expect(await policy(id)).toEqual({ anyOf: [{ allOf, authority: "https://maa" }], version: "1.0.0" });
    expect(await policy("none")).toEqual({ anyOf: [{ allOf, authority: "" }], version: "1.0.0" });
  });

  test("fails to make a release policy while the contract has no clean room policy: 500", async () => {
    await services.governance.change({ kind: "policy", contractId, hostData: [] });
    const reply = await call("contosso", "GET", "/analytics/datasets/x/skrpolicy");
    await services.governance.change({ kind: "policy", contractId, hostData: [cleanRoomHostData] });
    expect(refusal(reply)).toEqual([500, "InvalidOperationException"]);
  });

  test("audit events come with their source and message, without a first 202", async () => {
    const data = { source: "clean room", message: "started" };
    await services.governance.change({
      kind: "event",
      contractId,
      scope: "",
      id: contractId,
      timestamp: "1700000000000",
      data,
    });
    expect((await call("contosso", "GET", "/analytics/auditevents")).body).toEqual({
      value: [
        { scope: "", id: contractId, timestamp: "1700000000000", timestampIso: "2023-11-14T22:13:20.000Z", data },
      ],
      nextLink: null,
    });
    expect(refusal(await call("contosso", "GET", "/analytics/auditevents?from_seqno=99999"))).toEqual([
      500,
      "InternalError",
    ]);
  });
});
