// A pipeline signs in by its run's own token: the run that is named can preview its stack, once the consortium knows it;
// no other can sign in, and nothing beyond its resource groups is shown to it.
import { generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SignJWT } from "jose";
import { Agent, request } from "undici";
import type { PipelineRegistration } from "../../components";
import { startProgramStack, type ProgramStack } from "../helpers/stack-program";

const LONG = 3 * 60_000;
const MAIN = "repo:contosso/cleanroom:ref:refs/heads/main";
const MANAGEMENT = "https://management.azure.com";

let stack: ProgramStack;
let server: Server;
let key: KeyObject;
let issuer = "";
let agent: Agent;
let outputs: {
  readonly clientId: string;
  readonly tenantId: string;
  readonly registration: PipelineRegistration;
  readonly group: string;
  readonly other: string;
};

beforeAll(async () => {
  stack = await startProgramStack(join(__dirname, "program"), "contosso");
  const { tls } = stack.sandbox.services;
  agent = new Agent({ connect: { ca: tls.ca } });
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  key = pair.privateKey;
  server = createServer({ key: tls.key, cert: tls.cert }, (asked, response) => {
    const discovery = { issuer, jwks_uri: `${issuer}/keys` };
    const keys = { keys: [{ ...pair.publicKey.export({ format: "jwk" }), kid: "run", use: "sig", alg: "RS256" }] };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(asked.url?.endsWith("/keys") ? keys : discovery));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `https://localhost:${(server.address() as AddressInfo).port}/_services/token`;
  await stack.run("pipeline", ["up", "--yes", "--skip-preview"], { ISSUER: issuer });
  outputs = (await stack.outputs()) as unknown as typeof outputs;
}, LONG);
afterAll(async () => {
  await agent.close();
  server.close();
  await stack.end();
});

/** The token that a run gets from its server. */
const runToken = (subject: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: "RS256", kid: "run" })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience("api://AzureADTokenExchange")
    .setIssuedAt()
    .setExpirationTime("5m")
    .setJti(randomUUID())
    .sign(key);

/** Signs a run in to Azure, as `azure/login` does; answers the token, or why there is none. */
async function signIn(subject: string): Promise<{ readonly token?: string; readonly refusal?: string }> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: outputs.clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await runToken(subject),
    scope: `${MANAGEMENT}/.default`,
  });
  const url = `${stack.sandbox.services.signIn.authority}/${outputs.tenantId}/oauth2/v2.0/token`;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { body } = await request(url, { method: "POST", dispatcher: agent, headers, body: form.toString() });
  const answer = (await body.json()) as { access_token?: string; error_description?: string };
  return { token: answer.access_token, refusal: answer.error_description };
}

/** How Resource Manager answers a resource group to the bearer. */
async function groupStatus(id: string, token: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${token ?? ""}` };
  const url = `${stack.sandbox.addresses["resource manager"]}${id}?api-version=2021-04-01`;
  const { statusCode, body } = await request(url, { dispatcher: agent, headers });
  await body.dump();
  return statusCode;
}

const preview = (token: string | undefined): Promise<string> =>
  stack.run("asPipeline", ["preview", "--diff"], { CLEANROOM_TOKEN: token ?? "" });

test("the run that is named signs in, and sees its stack's resource group alone", async () => {
  const { token } = await signIn(MAIN);
  expect(await groupStatus(outputs.group, token)).toBe(200);
  expect(await groupStatus(outputs.other, token)).toBe(403);
});

test(
  "it can preview once the consortium's members have registered it as the component says, and not before",
  async () => {
    const { token } = await signIn(MAIN);
    await expect(preview(token)).rejects.toThrow("CollaborationNotFound");
    const { objectId, tenantId, identifier, command } = outputs.registration;
    expect(command).toContain(`--object-id ${objectId} --tenant-id ${tenantId} --identifier ${identifier}`);
    await stack.sandbox.admin.putUser(objectId, { tenantId, identifier });
    expect(await preview(token)).toContain(`analytics-${objectId}`);
  },
  LONG,
);

test.each([
  ["another branch", "repo:contosso/cleanroom:ref:refs/heads/feature"],
  ["a pull request", "repo:contosso/cleanroom:pull_request"],
  ["another repository", "repo:fabrikam/cleanroom:ref:refs/heads/main"],
])("fails to sign in a run of %s", async (_what, subject) => {
  expect((await signIn(subject)).refusal).toMatch(/^AADSTS700213/);
});
