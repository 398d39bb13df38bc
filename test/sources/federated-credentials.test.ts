// Which federated credentials an identity has: read to the list's end, compared with what is wanted, and never too many.
import { sources, type WantedCredential } from "../../provider";
import { answering, json, type Answering } from "../helpers/answering";

const IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared";
const audience = "api://AzureADTokenExchange";
const wanted: WantedCredential = {
  name: "ours",
  issuer: "https://issuer.example",
  subject: "analytics-owner",
  audience,
};

interface There {
  readonly name: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
}

let azure: Answering;
let signIn: Answering;
let there: readonly There[] = [];
/** Where the list goes on after its first page. */
let next: (page: number) => string | undefined = () => undefined;
const before = { ...process.env };

beforeAll(async () => {
  azure = await answering((response, _count, { url }) => {
    const page = Number(new URL(url, azure.url).searchParams.get("page") ?? 0);
    const value = there.slice(page * 10, page * 10 + 10).map(({ name, ...change }) => ({
      name,
      properties: { issuer: "https://issuer.example", subject: name, audiences: [audience], ...change },
    }));
    json(response, 200, { value, nextLink: next(page) });
  });
  signIn = await answering((response) => json(response, 200, { access_token: "t", expires_on: "4102444800" }));
  process.env.IDENTITY_ENDPOINT = signIn.url;
  process.env.IDENTITY_HEADER = "header";
  process.env.AZURE_TOKEN_CREDENTIALS = "ManagedIdentityCredential";
});
afterAll(async () => {
  process.env = before;
  await azure.close();
  await signIn.close();
});
beforeEach(() => {
  next = () => undefined;
});

const find = (...all: readonly WantedCredential[]): Promise<readonly (string | undefined)[]> =>
  sources(
    "cleanroom",
    (key) => (key === "cleanroom:resourceManagerUrl" ? azure.url : undefined),
    {},
  ).federatedCredentials(IDENTITY, all);
const others = (count: number): readonly There[] => Array.from({ length: count }, (_, i) => ({ name: `other-${i}` }));

test("finds an equal one under another name, also on a later page", async () => {
  there = [...others(12), { name: "by-hand", subject: wanted.subject }];
  next = (page) => (page === 0 ? `${azure.url}${IDENTITY}/federatedIdentityCredentials?page=1` : undefined);
  expect(await find(wanted, { ...wanted, name: "more", subject: "staging-owner" })).toEqual(["by-hand", undefined]);
});

test("finds none in one of its own name, which the program brings to what it says", async () => {
  there = [{ name: "Ours", subject: wanted.subject }];
  expect(await find(wanted)).toEqual([undefined]);
});

test("finds none in one of another issuer", async () => {
  there = [{ name: "by-hand", issuer: "https://issuer.example/", subject: wanted.subject }];
  expect(await find(wanted)).toEqual([undefined]);
});

test("fails for an equal one of another audience", async () => {
  there = [{ name: "by-hand", subject: wanted.subject, audiences: ["api://other"] }];
  await expect(find(wanted)).rejects.toThrow(
    "'by-hand' of this issuer and subject, but for the audience 'api://other'",
  );
});

test("takes the twentieth, and fails for the twenty-first", async () => {
  there = others(19);
  next = (page) => (page === 0 ? `${azure.url}${IDENTITY}/federatedIdentityCredentials?page=1` : undefined);
  expect(await find(wanted)).toEqual([undefined]);
  await expect(find(wanted, { ...wanted, name: "more", subject: "x" })).rejects.toThrow(
    "has 19 federated credentials, and 2 more would be made: Azure takes 20",
  );
});

test("fails for a list that goes on elsewhere, where no token is sent", async () => {
  there = [];
  next = () => "https://elsewhere.example/list";
  await expect(find(wanted)).rejects.toThrow("the list goes on at 'https://elsewhere.example/list'");
});
