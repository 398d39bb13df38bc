// Sign-in: its tokens are good for what they say and for nothing else, and the real Azure SDK gets them.
import { DefaultAzureCredential } from "@azure/identity";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { request } from "node:https";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FederationError, type Tls } from "../context";
import { Home } from "../home";
import { openTls } from "../tls";
import { collaborator } from "../world";
import { type RunningSignIn, startSignIn } from ".";

const { tenantId, userOid: oid, upn } = collaborator("contosso");
const audience = "https://vault.azure.net";

let dir: string;
let home: Home;
let tls: Tls;
let signIn: RunningSignIn;
let now = new Date();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "signin-"));
  home = await Home.open(dir);
  tls = await openTls(dir);
  signIn = await startSignIn({ home, tls, clock: () => now, log: () => undefined });
});
afterAll(async () => {
  await signIn.close();
  await rm(dir, { recursive: true, force: true });
});

interface Got {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

function call(url: string, form?: Record<string, string>): Promise<Got> {
  return new Promise((resolve, reject) => {
    const body = form && new URLSearchParams(form).toString();
    const sent = request(url, { method: body === undefined ? "GET" : "POST", ca: tls.ca }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Got["body"] }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const tokenUrl = (tenant = tenantId): string => `${signIn.authority}/${tenant}/oauth2/v2.0/token`;
const form = {
  grant_type: "client_credentials",
  client_id: "client-1",
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  client_assertion: "assertion-1",
  scope: "https://storage.azure.com/.default",
};

test("a token says who it is for and whose it is", async () => {
  const claims = await signIn.verify(await signIn.issue({ tenantId, oid, audience, upn }), { audience });
  expect(claims).toMatchObject({ oid, tid: tenantId, aud: audience, upn, preferred_username: upn, ver: "2.0" });
});

test("an audience with a trailing slash is the same audience", async () => {
  const token = await signIn.issue({ tenantId, oid, audience: `${audience}/` });
  await expect(signIn.verify(token, { audience })).resolves.toMatchObject({ oid });
});

test("the discovery document leads a verifier to the key of the tokens", async () => {
  const issuer = `${signIn.authority}/${tenantId}/v2.0`;
  const document = await call(`${issuer}/.well-known/openid-configuration`);
  expect(document.body.issuer).toBe(issuer);
  const keys = await call(document.body.jwks_uri as string);
  const token = await signIn.issue({ tenantId, oid, audience });
  const verified = await jwtVerify(token, createLocalJWKSet(keys.body as unknown as JSONWebKeySet), {
    issuer,
    audience,
  });
  expect(verified.payload.oid).toBe(oid);
});

test("tokens stay valid over a restart", async () => {
  const token = await signIn.issue({ tenantId, oid, audience });
  await signIn.close();
  signIn = await startSignIn({ home: await Home.open(dir), tls, clock: () => now, log: () => undefined });
  await expect(signIn.verify(token, { audience })).resolves.toMatchObject({ oid });
});

test("the unmodified DefaultAzureCredential gets a token of the collaborator", async () => {
  const before = { ...process.env };
  process.env.IDENTITY_ENDPOINT = signIn.identityEndpoint;
  process.env.IDENTITY_HEADER = home.identityHeaders.contosso;
  process.env.AZURE_TOKEN_CREDENTIALS = "ManagedIdentityCredential";
  try {
    const { token, expiresOnTimestamp } = await new DefaultAzureCredential().getToken(`${audience}/.default`);
    await expect(signIn.verify(token, { audience })).resolves.toMatchObject({ oid, tid: tenantId });
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
  } finally {
    process.env = before;
  }
});

test("a federated credential is exchanged for the managed identity's token", async () => {
  signIn.onFederatedExchange((args) => {
    expect(args).toEqual({ tenantId, clientId: "client-1", assertion: "assertion-1", scope: form.scope });
    return Promise.resolve({ oid: "identity-1" });
  });
  const { status, body } = await call(tokenUrl(), form);
  expect(status).toBe(200);
  const verified = await signIn.verify(body.access_token as string, { audience: "https://storage.azure.com" });
  expect(verified).toMatchObject({ oid: "identity-1", appid: "client-1", tid: tenantId });
});

test("fails an exchange for which no federated credential matches, with Entra's number", async () => {
  signIn.onFederatedExchange(() =>
    Promise.reject(new FederationError("AADSTS700213", "No matching federated identity record found.")),
  );
  const { status, body } = await call(tokenUrl(), form);
  expect([status, body.error, body.error_codes]).toEqual([401, "invalid_client", [700213]]);
  expect(body.error_description).toMatch(/^AADSTS700213: No matching federated identity record found\./);
});

test("fails an exchange that leaves out a parameter", async () => {
  const { status, body } = await call(tokenUrl(), { ...form, client_assertion: "" });
  expect([status, body.error_codes]).toEqual([400, [900144]]);
  expect(body.error_description).toContain("'client_assertion'");
});

test("fails an exchange in an unknown tenant", async () => {
  expect((await call(tokenUrl("nobody"), form)).body.error_codes).toEqual([90002]);
});

test("fails a token whose time is over, saying when it was", async () => {
  const token = await signIn.issue({ tenantId, oid, audience, seconds: -60 });
  const at = new Date((decodeJwt(token).exp ?? 0) * 1000).toISOString();
  await expect(signIn.verify(token, { audience })).rejects.toMatchObject({
    fault: "expired",
    message: `The token expired at ${at}.`,
  });
});

test("fails a token when the clock has passed its expiry", async () => {
  const token = await signIn.issue({ tenantId, oid, audience });
  now = new Date(Date.now() + 3_700_000);
  try {
    await expect(signIn.verify(token, { audience })).rejects.toMatchObject({ fault: "expired" });
  } finally {
    now = new Date();
  }
});

test("fails a token for another audience", async () => {
  const token = await signIn.issue({ tenantId, oid, audience: "https://storage.azure.com" });
  await expect(signIn.verify(token, { audience })).rejects.toMatchObject({ fault: "wrongAudience" });
});

test("fails a token that was changed after it was signed", async () => {
  const [head, , signature] = (await signIn.issue({ tenantId, oid, audience })).split(".");
  const other = (await signIn.issue({ tenantId, oid: "someone-else", audience })).split(".")[1];
  await expect(signIn.verify([head, other, signature].join("."), { audience })).rejects.toMatchObject({
    fault: "badSignature",
  });
});

test("fails what is no token at all", async () => {
  await expect(signIn.verify("hello", { audience })).rejects.toMatchObject({ fault: "malformed" });
});
