// The exchange of federated tokens: what is compared, and what a refusal says. The sandbox's own sign-in plays the issuer.
import type { IdentityFacts } from "../clouds";
import { collaborator } from "../world";
import { exchange } from "./federation";
import { testContext, type TestContext } from "./testing";
import { createTrust, type Trust } from "./trust";

const { tenantId } = collaborator("contosso");
const clientId = "11111111-0000-4000-8000-000000000001";
const audience = "api://AzureADTokenExchange";
const subject = "22222222-0000-4000-8000-000000000001";

let ctx: TestContext;
let trust: Trust;
let issuer: string;
beforeAll(async () => {
  ctx = await testContext();
  trust = createTrust(ctx.tls.ca, ctx.clock);
  issuer = `${ctx.signIn.authority}/${tenantId}/v2.0`;
});
afterAll(async () => {
  await trust.close();
  await ctx.close();
});

const identity = (change: Partial<IdentityFacts["credentials"][number]> = {}): IdentityFacts => ({
  clientId,
  principalId: "the principal",
  tenantId,
  credentials: [{ issuer, subject, audiences: [audience], ...change }],
});
const assertion = (change: object = {}) => ctx.signIn.issue({ tenantId, oid: subject, audience, ...change });
const ask = async (known: IdentityFacts | undefined, token?: string) =>
  exchange({ tenantId, clientId, assertion: token ?? (await assertion()), scope: "" }, known, trust);

test("an assertion of the credential's issuer, subject and audience is exchanged for the identity", async () => {
  expect(await ask(identity())).toEqual({ oid: "the principal" });
});

test.each([
  ["an unknown identity", undefined, /^AADSTS700016: .*was not found/],
  ["another issuer", { issuer: "https://other" }, /^AADSTS700211: .*Issuers of its credentials: https:\/\/other/],
  ["another subject", { subject: "Somebody" }, /^AADSTS700213: .*Subjects of its credentials: Somebody/],
  ["another audience", { audiences: ["api://other"] }, /^AADSTS700212: .*Audiences of its credentials: api:\/\/other/],
])("fails for %s", async (_, change, message) => {
  await expect(ask(change && identity(change))).rejects.toThrow(message);
});

test("fails for an identity of another tenant", async () => {
  await expect(ask({ ...identity(), tenantId: "elsewhere" })).rejects.toThrow("AADSTS700016");
});

test("fails for a signature that is not the issuer's", async () => {
  const token = await assertion();
  const forged = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`;
  await expect(ask(identity(), forged)).rejects.toThrow(/^AADSTS50013: /);
});

test("fails for an assertion that has expired, and for what is no token", async () => {
  await expect(ask(identity(), await assertion({ seconds: -60 }))).rejects.toThrow(/^AADSTS700024: /);
  await expect(ask(identity(), "no token")).rejects.toThrow(/^AADSTS50027: /);
});

test("fails for an issuer whose keys cannot be had", async () => {
  const unreachable = "https://localhost:9/issuer";
  const token = `${Buffer.from('{"alg":"RS256"}').toString("base64url")}.${Buffer.from(
    JSON.stringify({ iss: unreachable, sub: subject, aud: audience }),
  ).toString("base64url")}.AAAA`;
  await expect(ask(identity({ issuer: unreachable }), token)).rejects.toThrow(/AADSTS50013: .*cannot be read/);
});
