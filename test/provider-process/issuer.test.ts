// The tenant's issuer as a resource, where the documents are served by a front of the owner's; and the check that names
// the place that differs.
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:https";
import { sources } from "../../provider";
import { discoveryOf, signingKeysOf, type SigningKey } from "../../provider/model/issuer";
import { collaborator } from "../../sandbox/world";
import { answering, json, type Answering } from "../helpers/answering";
import { oid, startTestRoom, trust, type TestRoom } from "../helpers/clean-room";
import { newInProcess } from "../helpers/in-process";
import { azureDataset } from "../helpers/inputs";
import type { Kind } from "../helpers/provider-process";

const { tenantId } = collaborator("contosso");
/** Signs in at the machine's own endpoint for managed identities, as Resource Manager asks for. */
let signIn: Answering;
let room: TestRoom;
let server: Server;
let front = "";
let issuers: Kind;
let keys: readonly SigningKey[];
/** What the front serves, by path. */
let served: Record<string, unknown> = {};
const before = { ...process.env };

beforeAll(async () => {
  room = await startTestRoom();
  trust(room);
  server = createServer({ key: room.services.tls.key, cert: room.services.tls.cert }, (request, response) => {
    const content = served[request.url ?? ""];
    response.writeHead(content === undefined ? 404 : 200).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  front = `https://localhost:${(server.address() as AddressInfo).port}/issuer`;
  issuers = (await newInProcess(room, "contosso")).kind("TenantIssuer");
  keys = signingKeysOf([room.services.governance.jwk()]);
  signIn = await answering((response) => json(response, 200, { access_token: "t", expires_on: "4102444800" }));
  process.env.IDENTITY_ENDPOINT = signIn.url;
  process.env.IDENTITY_HEADER = "header";
  process.env.AZURE_TOKEN_CREDENTIALS = "ManagedIdentityCredential";
});
afterAll(async () => {
  process.env = before;
  await signIn.close();
  server.close();
  await room.end();
});
beforeEach(async () => {
  serve(keys);
  await room.services.governance.change({ kind: "tenantIssuer", tenantId, url: "https://before.example" });
});

function serve(these: readonly SigningKey[], issuer = front): void {
  served = {
    "/issuer/.well-known/openid-configuration": { ...discoveryOf(front), issuer },
    "/issuer/openid/v1/jwks": { keys: these },
  };
}

const registered = (): string => room.services.governance.tenantIssuer(tenantId);

test("is set in governance once the front serves what governance says, and not before", async () => {
  served = {};
  const inputs = { issuerUrl: front, keys };
  const { id, state } = await issuers.create(inputs);
  expect(state.status).toBe("waiting");
  expect(state.reason).toContain(`${front}/.well-known/openid-configuration can't be read: it answered 404`);
  expect(registered()).toBe("https://before.example");
  expect((await issuers.diff(id, state, inputs)).changes).toBe(true);
  serve(keys);
  expect(await issuers.update(id, state, inputs)).toMatchObject({ status: "ready", reason: "", registeredUrl: front });
  expect(registered()).toBe(front);
});

test.each([
  ["another issuer in the document", () => serve(keys, `${front}/`), `names the issuer '`],
  ["keys that are not governance's", () => serve([]), "the keys that are served (none) are not governance's"],
  ["no keys", () => (served["/issuer/openid/v1/jwks"] = undefined), "/openid/v1/jwks can't be read"],
])("waits while the front serves %s", async (_what, change, reason) => {
  change();
  const { state } = await issuers.create({ issuerUrl: front, keys });
  expect(state).toMatchObject({ status: "waiting", reason: expect.stringContaining(reason) as string });
  expect(registered()).toBe("https://before.example");
});

test.each([
  ["restore", () => `${room.services.governance.url}/app/oidc`],
  ["leave", () => front],
])("deleted with onDelete %s", async (onDelete, after) => {
  const { id, state } = await issuers.create({ issuerUrl: front, keys, onDelete });
  await issuers.delete(id, state);
  expect(registered()).toBe(after());
});

test("deleted, leaves an issuer alone that is not its own any more", async () => {
  const { id, state } = await issuers.create({ issuerUrl: front, keys });
  await room.services.governance.change({ kind: "tenantIssuer", tenantId, url: "https://later.example" });
  await issuers.delete(id, state);
  expect(registered()).toBe("https://later.example");
});

test("fails for keys that governance has rotated since the program read them", async () => {
  const old = [{ ...keys[0], kid: "old" }];
  await expect(issuers.create({ issuerUrl: front, keys: old })).rejects.toThrow(
    /the keys to be published \(old\) are not governance's .* run `pulumi up` again/,
  );
});

test.each(["http://issuer.example", "https://issuer.example/", "https://issuer.example/a?b", "issuer"])(
  "fails for '%s', which Entra would take for another issuer, or none",
  async (issuerUrl) => {
    expect(await issuers.check({ issuerUrl, keys })).toEqual([expect.stringContaining("letter by letter")]);
  },
);

describe("the places where the issuer stands", () => {
  const subject = (): string => `analytics-${oid("contosso")}`;
  let credentials: { issuer: string; subject: string }[] = [];
  let azure: Answering;
  let documentId: string;

  beforeAll(async () => {
    azure = await answering((response) => {
      const value = credentials.map((properties) => ({
        name: "credential",
        properties: { ...properties, audiences: ["api://AzureADTokenExchange"] },
      }));
      json(response, 200, { value });
    });
    const datasets = (await newInProcess(room, "contosso")).kind("DatasetDocument");
    const identity = { name: "sales", clientId: "client", tenantId: "tenant", issuerUrl: front };
    documentId = (await datasets.create(azureDataset("sales", { identity }))).id;
  });
  afterAll(() => azure.close());
  beforeEach(async () => {
    credentials = [{ issuer: front, subject: subject() }];
    await room.services.governance.change({ kind: "tenantIssuer", tenantId, url: front });
  });

  async function problems(issuerUrl?: string): Promise<readonly (readonly [string, string])[]> {
    const config = await room.config("contosso", { resourceManagerUrl: azure.url });
    const asked = sources("cleanroom", (key) => config[key], {});
    const places = await asked.issuerPlaces({ issuerUrl, identityId: "/subscriptions/s/identities/sales", documentId });
    return places.filter(({ problem }) => problem !== "").map(({ place, problem }) => [place, problem]);
  }

  test("have no problem where all are the same", async () => {
    expect(await problems()).toEqual([]);
  });

  test("fails in governance", async () => {
    await room.services.governance.change({ kind: "tenantIssuer", tenantId, url: "https://other.example" });
    expect(await problems()).toEqual([["governance", expect.stringContaining("says 'https://other.example'")]]);
  });

  test("fails in the discovery document", async () => {
    serve([]);
    expect(await problems()).toEqual([["discovery document", expect.stringContaining("are not governance's")]]);
  });

  test("fails in the federated credential", async () => {
    credentials = [{ issuer: `${front}/`, subject: subject() }];
    expect(await problems()).toEqual([["federated credential", expect.stringContaining(`trusts '${front}/'`)]]);
    credentials = [{ issuer: front, subject: "somebody" }];
    expect(await problems()).toEqual([
      ["federated credential", expect.stringContaining("no federated credential for")],
    ]);
  });

  test("fails in the dataset", async () => {
    served = { ...served, "/.well-known/openid-configuration": undefined };
    const places = await problems("https://localhost:1/other");
    expect(places.map(([place]) => place)).toContain("dataset");
    expect(places.find(([place]) => place === "dataset")?.[1]).toContain("publish it anew with this issuer");
  });
});
