// What the doctor says of the clean room, with one thing wrong at a time: real services, a real token, real TLS.
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { checkCleanRoom } from "../../cli/doctor/clean-room";
import type { Found } from "../../cli/doctor/check";
import { CleanRoom } from "../../provider/services/clean-room";
import { readSettings } from "../../provider/settings";
import type { FaultRule } from "../../sandbox/faults";
import { collaborator, collaboration, contractId, cleanRoomHostData } from "../../sandbox/world";
import { certificateFor } from "../helpers/certificate";
import { oid, startTestRoom, trust, type TestRoom } from "../helpers/clean-room";

const { tenantId, upn } = collaborator("contosso");

let room: TestRoom;
beforeAll(async () => {
  room = await startTestRoom();
  trust(room);
});
afterAll(() => room.end());

type Settings = Readonly<Record<string, string | undefined>>;

async function examined(change: Settings = {}): Promise<readonly Found[]> {
  const config = await room.config("contosso", { requestSeconds: "2", ...change });
  const { found } = await checkCleanRoom(new CleanRoom(readSettings("cleanroom", (key) => config[key], {})), "dev");
  return found;
}

const brief = (found: readonly Found[]): readonly string[] =>
  found.filter(({ result }) => result !== "ok").map(({ what, result }) => `${what}: ${result}`);

function line(found: readonly Found[], what: string): Found {
  const [first] = found.filter((each) => each.what === what);
  if (first === undefined) throw new Error(`no line about ${what}: ${JSON.stringify(found)}`);
  return first;
}

const WHOLE = [
  "frontend",
  "governance",
  "token",
  "membership",
  "tenant",
  "contract",
  "clean room policy",
  "issuer",
  "issuer's documents",
  "issuer's keys",
];

test("a clean room that is as it should be has no remedy anywhere", async () => {
  const found = await examined();
  expect(found.map(({ what, result, remedy }) => [what, result, remedy])).toEqual(
    WHOLE.map((what) => [what, "ok", null]),
  );
  expect(line(found, "token").found).toMatch(`User ${oid("contosso")} of tenant ${tenantId}; until 20`);
  expect(line(found, "clean room policy").found).toContain(cleanRoomHostData.slice(0, 12));
});

test.each([
  ["a name that there is not", `https://${"a".repeat(64)}.example`, "name (DNS): ", "and the DNS of this network"],
  [
    "a port where nothing listens",
    "https://localhost:9",
    "connection to port 9: connect ECONNREFUSED",
    "that the service runs",
  ],
])("fails for %s, at this layer", async (_, governanceUrl, layer, remedy) => {
  const found = await examined({ governanceUrl });
  expect(brief(found)).toEqual(["governance: problem", "membership, clean room policy, issuer: unchecked"]);
  expect(line(found, "governance").found).toContain(layer);
  expect(line(found, "governance").remedy).toMatch("check cleanroom:governanceUrl");
  expect(line(found, "governance").remedy).toContain(remedy);
});

test("fails for a certificate that nobody here trusts, at the layer of TLS", async () => {
  const server = createServer(await certificateFor("localhost"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const found = await examined({ frontendUrl: `https://localhost:${port}` });
  await new Promise((resolve) => server.close(resolve));
  expect(line(found, "frontend").found).toMatch(/: TLS: DEPTH_ZERO_SELF_SIGNED_CERT|: TLS: .*self-signed/);
  expect(line(found, "frontend").remedy).toContain("NODE_EXTRA_CA_CERTS");
});

test.each([
  ["that ends soon", { seconds: 300 }, "token: warning", / until 20/],
  ["that has expired", { seconds: -300 }, "token: problem", /^The token expired at/],
])("tells of a token %s, and how to set another", async (_, change, result, said) => {
  const audience = "https://management.azure.com";
  const token = await room.services.signIn.issue({ tenantId, oid: oid("contosso"), upn, audience, ...change });
  const found = await examined({ token });
  expect(brief(found)[0]).toBe(result);
  expect(line(found, "token").found).toMatch(said);
  expect(line(found, "token").remedy).toContain("pulumi config set --stack dev --secret cleanroom:token");
});

test("fails for an invitation that was not accepted, and names the command that does", async () => {
  const member = { kind: "member", identifier: upn, isOwner: false } as const;
  await room.services.governance.change({ ...member, status: "Invited" });
  const found = await examined();
  await room.services.governance.change({ ...member, status: "Active" });
  expect(brief(found)).toContain("membership: problem");
  expect(line(found, "membership").found).toBe("'market-insights' has us as Invited: the invitation is not accepted");
  expect(line(found, "membership").remedy).toContain(
    `az managedcleanroom frontend invitation accept --collaboration-id ${collaboration.id}`,
  );
});

test("fails for an id of no collaboration", async () => {
  const found = await examined({ collaborationId: "none", contractId: undefined });
  expect(brief(found)).toContain("membership: problem");
  expect(line(found, "membership").found).toContain("CollaborationNotFound");
  expect(line(found, "membership").remedy).toMatch("check cleanroom:collaborationId");
});

test.each([
  ["whom governance does not know", { userOid: "11111111-0000-4000-8000-000000000001" }, "CallerNotAuthorized"],
  ["of another tenant than is registered", { tenantId: collaborator("litware").tenantId }, "CallerTenantNotAuthorized"],
])("fails for a caller %s", async (_, change, code) => {
  const found = await examined({ token: await room.services.token("contosso", change) });
  expect(brief(found)).toContain("tenant: problem");
  expect(line(found, "tenant").found).toContain(code);
  expect(line(found, "tenant").remedy).toContain("ask the collaboration's owner to register");
});

test("fails for the contract of another collaboration", async () => {
  const found = await examined({ contractId: "other" });
  expect(line(found, "contract")).toMatchObject({
    result: "problem",
    found: `cleanroom:contractId is 'other', the collaboration's contract '${contractId}'`,
    remedy: expect.stringContaining("pulumi config rm cleanroom:contractId") as string,
  });
});

test("fails while no clean room policy is accepted", async () => {
  const policy = { kind: "policy", contractId } as const;
  await room.services.governance.change({ ...policy, hostData: [] });
  const found = await examined();
  await room.services.governance.change({ ...policy, hostData: [cleanRoomHostData] });
  expect(brief(found)).toEqual(["clean room policy: problem"]);
  expect(line(found, "clean room policy").remedy).toContain("its members to accept it");
});

const given = (service: string, path: string, body: unknown): FaultRule => ({
  kind: "answer",
  service,
  path,
  answer: { status: 200, text: JSON.stringify(body) },
});
const DISCOVERY = "/app/oidc/.well-known/openid-configuration";

test.each<[string, FaultRule, string, RegExp, RegExp]>([
  [
    "is not enabled",
    given("frontend", "/oidc/issuerInfo", { enabled: false }),
    "issuer",
    /governance issues no tokens yet/,
    /enable the OIDC issuer/,
  ],
  [
    "is not https",
    given("frontend", "/oidc/issuerInfo", { enabled: true, issuerUrl: "http://issuer.example" }),
    "issuer",
    /is not https/,
    /https URL/,
  ],
  [
    "names another in its discovery document",
    given("governance", DISCOVERY, { issuer: "https://other.example", jwks_uri: "https://other.example/keys" }),
    "issuer's documents",
    /names https:\/\/other\.example, governance https:\/\/localhost:\d+\/app\/oidc: Azure compares them letter by letter/,
    /publish the discovery document/,
  ],
  [
    "does not serve its documents",
    { kind: "answer", service: "governance", path: DISCOVERY, answer: { status: 404 } },
    "issuer's documents",
    /answers 404/,
    /readable by anyone/,
  ],
  [
    "serves other keys than governance signs with",
    given("governance", "/app/oidc/keys", { keys: [{ kid: "old" }] }),
    "issuer's keys",
    /^governance signs with \S+, and served are old$/,
    /publish governance's keys/,
  ],
])("fails for an issuer that %s", async (_, rule, what, said, remedy) => {
  const fault = room.faults.add(rule);
  const found = await examined();
  room.faults.clear(fault);
  expect(brief(found)).toEqual([`${what}: problem`]);
  expect(line(found, what).found).toMatch(said);
  expect(line(found, what).remedy).toMatch(remedy);
});

test("says what could not be checked, and why, where a service is not set or does not answer", async () => {
  expect(brief(await examined({ governanceUrl: undefined }))).toEqual([
    "tenant: unchecked",
    "clean room policy: unchecked",
  ]);
  const fault = room.faults.add({ kind: "503", service: "frontend", path: "/analytics", retryAfterSeconds: 1 });
  const found = await examined();
  room.faults.clear(fault);
  expect(brief(found)).toEqual(["contract: unchecked"]);
  expect(line(found, "contract").found).toContain("503");
});
