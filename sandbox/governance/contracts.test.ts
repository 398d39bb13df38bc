// Contracts, the clean room policy, secrets, the issuer and audit events.
import { createLocalJWKSet, jwtVerify } from "jose";
import { type Reply } from "../testing";
import { cleanRoomHostData, collaborator } from "../world";
import { call, oid, refusal, services, useServices } from "./testing";

useServices();

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
