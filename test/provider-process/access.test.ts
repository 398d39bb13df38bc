// Who we are and where the services are: what is wrong with either is said in preview, before anything is written. The
// data sources say the same as the resources.
import { open, sources, type CleanRoomDetails } from "../../provider";
import { serviceAudience, cleanRoomHostData, collaborator } from "../../sandbox/world";
import { answering, type Answering } from "../helpers/answering";
import { oid, startTestRoom, trust, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";

let room: TestRoom;
let page: Answering;
type Change = Readonly<Record<string, string | undefined>>;

beforeAll(async () => {
  room = await startTestRoom();
  trust(room);
  page = await answering((response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html><title>Sign in</title></html>"),
  );
});
afterAll(async () => {
  await page.close();
  await room.end();
});

const token = (change: { tenantId?: string; oid?: string; seconds?: number }): Promise<string> => {
  const { tenantId, userOid, upn } = collaborator("contosso");
  return room.services.signIn.issue({ tenantId, oid: userOid, upn, audience: serviceAudience, ...change });
};
async function details(change: Change = {}, of = room): Promise<CleanRoomDetails> {
  const config = await of.config("contosso", change);
  return sources("cleanroom", (key) => config[key], {}).cleanRoomDetails();
}

const stranger = "57a46e40-0000-4000-8000-0000000000a9";
const faults: readonly (readonly [string, () => Promise<Change>, string])[] = [
  [
    "an expired token",
    async () => ({ token: await token({ seconds: -60 }) }),
    "or leave both out to sign in with Azure's own credentials.",
  ],
  [
    "a token that is none",
    () => Promise.resolve({ token: "canary" }),
    "The token (6 characters) is no JSON web token.",
  ],
  [
    "a token of another tenant",
    async () => ({ token: await token({ tenantId: collaborator("litware").tenantId }) }),
    "The token is of another tenant than the one this user is registered with: sign in to that tenant.",
  ],
  [
    "a token of somebody who is no collaborator",
    async () => ({ token: await token({ oid: stranger }) }),
    "This user is no collaborator of the clean room: ask the collaboration's owner for an invitation, and accept it.",
  ],
  [
    "an unknown collaboration",
    () => Promise.resolve({ collaborationId: "00000000-0000-4000-8000-000000000000" }),
    "Check the collaboration's id: it is the UUID that the collaboration's owner sees",
  ],
  [
    "a page in the service's place",
    () => Promise.resolve({ frontendUrl: page.url }),
    "an HTML page (titled 'Sign in'), so this is not the service itself",
  ],
  [
    "no service at all",
    () => Promise.resolve({ frontendUrl: undefined, governanceUrl: undefined }),
    "No service is set. Set cleanroom:frontendUrl or cleanroom:governanceUrl",
  ],
  [
    "a contract of another collaboration",
    () => Promise.resolve({ contractId: "other" }),
    "names 'analytics' as the contract of collaboration '5b0c1a7e-0000-4000-8000-00000000c011': the clean room would sign in as 'analytics-…', and be refused.",
  ],
  [
    "no collaboration",
    () => Promise.resolve({ collaborationId: undefined }),
    "No collaborationId is set. Set it in the stack's configuration",
  ],
  [
    "an address without TLS",
    () => Promise.resolve({ frontendUrl: "http://frontend.example" }),
    "cleanroom:frontendUrl is 'http://frontend.example': a token is sent there, so it must be https.",
  ],
];

test.each(faults)("fails with %s, in one message, without the token", async (_what, change, message) => {
  const changed = await change();
  const config = await room.config("contosso", changed);
  room.writes();
  const { failures } = await open("DatasetDocument", { get: (key) => config[key] }).check({}, azureDataset("sales"));
  const problems = failures.map(({ reason }) => reason);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(problems.join()).not.toContain(changed.token ?? "no token");
  expect(room.writes()).toEqual([]);
  await expect(details(changed)).rejects.toThrow(message);
});

test("fails where a certificate is not trusted, and says how to trust it", async () => {
  const { startProviderProcess } = await import("../helpers/provider-process");
  const process = await startProviderProcess(await room.config("contosso"));
  const [problem] = await process.kind("DatasetDocument").check(azureDataset("sales"));
  expect(problem).toContain(
    "Its certificate is not trusted: check the address, or name the authority's file in NODE_EXTRA_CA_CERTS.",
  );
  await process.end();
});

test("fails, for every method, in a folder where the package is not", async () => {
  const { startProviderProcess } = await import("../helpers/provider-process");
  const process = await startProviderProcess(await room.config("contosso"), {}, "/");
  const kind = process.kind("DatasetDocument");
  const inputs = azureDataset("sales");
  for (const attempt of [1, 2]) {
    const missing = `attempt ${attempt}: ${await kind.delete("x", inputs).then(() => "done", String)}`;
    expect(missing).toContain("Cannot find module 'pulumi-cleanroom/provider'");
  }
  await expect(kind.check(inputs)).rejects.toThrow("Cannot find module");
  await process.end();
});

test("fails with a kind that a newer release made", async () => {
  const process = await room.provider("contosso");
  await expect(process.kind("QueryRun").create({ name: "x" })).rejects.toThrow(
    "This release of pulumi-cleanroom has no resource of kind 'QueryRun'. The stack was made by a newer one: update the package.",
  );
});

test("one run asks who we are once, however many resources it has", async () => {
  const process = await room.provider("contosso", { scope: "once" });
  room.writes();
  const kind = process.kind("DatasetDocument");
  await Promise.all(Array.from({ length: 10 }, (_, i) => kind.check(azureDataset(`sales-${i}`))));
  // The collaboration, and its contract, to be compared with the one that is set.
  expect(room.requests.filter((request) => request.startsWith("frontend GET "))).toHaveLength(2);
});

describe("the clean room's details", () => {
  test("are whose tokens to accept and to what code to release keys, as the services say", async () => {
    expect(await details()).toEqual({
      cleanroomIdentity: {
        issuerUrl: `${room.services.governance.url}/app/oidc`,
        subject: `analytics-${oid("contosso")}`,
        audience: "api://AzureADTokenExchange",
      },
      cleanroomPolicy: {
        hostData: [cleanRoomHostData],
        releasePolicy: {
          version: "1.0.0",
          anyOf: [
            {
              authority: "https://sharedneu.neu.attest.azure.net",
              allOf: [
                { claim: "x-ms-sevsnpvm-hostdata", equals: cleanRoomHostData },
                { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
                { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
              ],
            },
          ],
        },
      },
      contractId: "analytics",
      ownerType: "User",
      attestationUrl: "https://sharedneu.neu.attest.azure.net",
      ownerId: oid("contosso"),
    });
  });

  test("have a branch for each clean room that the contract admits", async () => {
    const other = "ab".repeat(32);
    await room.services.governance.change({
      kind: "policy",
      contractId: "analytics",
      hostData: [cleanRoomHostData, other],
    });
    const { cleanroomPolicy } = await details();
    expect(cleanroomPolicy.hostData).toEqual([cleanRoomHostData, other]);
    expect(cleanroomPolicy.releasePolicy.anyOf.map(({ allOf }) => allOf[0]?.equals)).toEqual([
      cleanRoomHostData,
      other,
    ]);
  });

  test("find the contract by themselves", async () => {
    expect((await details({ contractId: undefined })).contractId).toBe("analytics");
  });

  test("fail without an accepted policy: a key bound to nothing could never be released", async () => {
    const early = await startTestRoom({ withoutPolicy: true });
    trust(early);
    await expect(details({}, early)).rejects.toThrow(
      "The contract has no accepted clean room policy: a key bound to nothing could never be released.",
    );
    const config = await early.config("contosso");
    const waiting = sources("cleanroom", (key) => config[key], {}).cleanRoomDetails(30);
    await early.services.governance.change({ kind: "policy", contractId: "analytics", hostData: [cleanRoomHostData] });
    await expect(waiting).resolves.toMatchObject({ contractId: "analytics" });
    await early.end();
  });
});

describe("a dataset that is looked for", () => {
  const find = async (name: string, owner?: string): Promise<unknown> => {
    const config = await room.config("fabrikam");
    return sources("cleanroom", (key) => config[key], {}).dataset(name, owner);
  };

  test("is found by its name, in the version that is in use", async () => {
    const kind = (await room.provider("contosso")).kind("DatasetDocument");
    const first = await kind.create(azureDataset("wanted"));
    expect(await find("wanted")).toMatchObject({
      documentId: first.id,
      digest: first.state.digest,
      ownerId: oid("contosso"),
    });
    const second = await kind.create(
      azureDataset("wanted", { datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] } }),
    );
    await expect(find("wanted")).rejects.toThrow("Dataset 'wanted' has several versions in use");
    await kind.delete(first.id, first.state);
    expect(await find("wanted", oid("contosso"))).toMatchObject({ documentId: second.id, allowedFields: ["region"] });
  });

  test("fails, and lists what there is, when it is not there or another's", async () => {
    await expect(find("unwanted")).rejects.toThrow(/Dataset 'unwanted' is not published\. Published are: .*wanted-/);
    await expect(find("wanted", oid("litware"))).rejects.toThrow(
      `Dataset 'wanted' is not published by ${oid("litware")}.`,
    );
  });
});
