// Every rule of the pack, in the real policy process: what violates it, what complies, what is missing or not known yet.
import { startPolicyProcess, type Judged, type PolicyProcess } from "../test/helpers/policy-process";

const KEY = "azure-native:keyvault:Key";
const ACCOUNT = "azure-native:storage:StorageAccount";
const CONTAINER = "azure-native:storage:BlobContainer";
const DRAFT = "pulumi-nodejs:dynamic/cleanroom:QueryDraft";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let pack: PolicyProcess;
beforeAll(async () => {
  pack = await startPolicyProcess();
});
afterAll(() => pack.end());

const messages = (judged: readonly Judged[]): readonly string[] => judged.map(({ message }) => message);

describe("export-only-under-release-policy", () => {
  const branch = {
    authority: "https://attest.example",
    allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals: "ab" }],
  };
  const encoded = (policy: unknown): object => ({
    data: Buffer.from(JSON.stringify(policy), "utf8").toString("base64url"),
  });
  const key = (releasePolicy?: unknown, exportable: unknown = true): Promise<readonly Judged[]> =>
    pack.judge(KEY, "kek", {
      keyName: "kek",
      properties: {
        kty: "RSA-HSM",
        attributes: { exportable },
        ...(releasePolicy === undefined ? {} : { releasePolicy }),
      },
    });

  test("lets a key be exported under a release policy", async () => {
    expect(await key(encoded({ version: "1.0.0", anyOf: [branch, branch] }))).toEqual([]);
  });

  test.each([
    ["no release policy", undefined, "has no release policy"],
    ["an empty release policy", { data: "" }, "has no release policy"],
    ["something that is no policy", { data: "bm90IGpzb24" }, "its release policy is not base64url of JSON"],
    ["a policy that is null", encoded(null), "its release policy has no branch (anyOf)"],
    ["no branch", encoded({ version: "1.0.0", anyOf: [] }), "its release policy has no branch (anyOf)"],
    [
      "a branch without claims",
      encoded({ anyOf: [branch, { ...branch, allOf: [] }] }),
      "branch anyOf[1] of its release policy names no https authority or no claims",
    ],
    [
      "a branch that takes anybody's word",
      encoded({ anyOf: [{ ...branch, authority: "https://*" }] }),
      "branch anyOf[0] of its release policy names no https authority or no claims",
    ],
    [
      "a branch without an authority",
      encoded({ anyOf: [{ allOf: branch.allOf }] }),
      "branch anyOf[0] of its release policy names no https authority or no claims",
    ],
  ])("fails with %s", async (_what, policy, problem) => {
    const [judged, ...others] = await key(policy);
    expect(others).toEqual([]);
    expect(judged).toMatchObject({ policy: "export-only-under-release-policy", mandatory: true });
    expect(judged?.message).toContain(
      `Key 'kek' is exportable, but ${problem}. Use ReleaseKey, which makes the policy from the clean room's details, or set exportable to false.`,
    );
  });

  test("leaves alone a key that stays in its vault, and one that says nothing", async () => {
    expect(await key(undefined, false)).toEqual([]);
    expect(await pack.judge(KEY, "kek", { keyName: "kek", properties: { kty: "RSA" } })).toEqual([]);
    expect(await pack.judge(KEY, "kek", {})).toEqual([]);
  });

  test("judges what is not known yet when it is known", async () => {
    for (const judged of [await key({ data: UNKNOWN }), await key(undefined, UNKNOWN)]) {
      expect(judged).toMatchObject([{ mandatory: false }]);
      expect(judged[0]?.message).toContain("can't run policy");
    }
  });
});

describe("no-public-blob-access", () => {
  test("lets an account be that forbids it, and a container that has none", async () => {
    expect(await pack.judge(ACCOUNT, "sales", { allowBlobPublicAccess: false })).toEqual([]);
    expect(await pack.judge(CONTAINER, "sales", { publicAccess: "None" })).toEqual([]);
    expect(await pack.judge(CONTAINER, "sales", {})).toEqual([]);
  });

  test.each([
    ["allows it", { allowBlobPublicAccess: true }],
    ["does not say", {}],
  ])("fails with an account that %s", async (_what, properties) => {
    const judged = await pack.judge(ACCOUNT, "sales", properties);
    expect(judged).toMatchObject([{ policy: "no-public-blob-access", mandatory: true }]);
    expect(messages(judged)[0]).toContain(
      "Storage account 'sales' does not forbid public access to blobs: set allowBlobPublicAccess to false.",
    );
  });

  test.each(["Blob", "Container"])("fails with a container that is open to the level of %s", async (publicAccess) => {
    const judged = await pack.judge(CONTAINER, "sales", { publicAccess });
    expect(judged).toMatchObject([{ policy: "no-public-blob-access", mandatory: true }]);
    expect(messages(judged)[0]).toContain(
      `Container 'sales' has publicAccess '${publicAccess}': set it to None, or leave it out.`,
    );
  });

  test("judges what is not known yet when it is known", async () => {
    expect(await pack.judge(ACCOUNT, "sales", { allowBlobPublicAccess: UNKNOWN })).toMatchObject([
      { mandatory: false },
    ]);
    expect(await pack.judge(CONTAINER, "sales", { publicAccess: UNKNOWN })).toMatchObject([{ mandatory: false }]);
  });
});

describe("approvers-are-owners", () => {
  const owners = { "contosso-sales": "contosso", "litware-members": "litware", "litware-results": "litware" };
  const draft = (properties: object): Promise<readonly Judged[]> =>
    pack.judgeStack([
      [ACCOUNT, "sales", { allowBlobPublicAccess: false }],
      [DRAFT, "fabrikam-query", properties],
    ]);

  test("lets a query be whose approvers are all its datasets' owners, and others", async () => {
    expect(await draft({ owners, approvers: ["litware", "contosso", "fabrikam"] })).toEqual([]);
  });

  test("fails for each dataset whose owner is not asked", async () => {
    const judged = await draft({ owners, approvers: ["contosso"] });
    expect(judged.map(({ policy, mandatory }) => [policy, mandatory])).toEqual([
      ["approvers-are-owners", true],
      ["approvers-are-owners", true],
    ]);
    expect(messages(judged).join("\n")).toContain(
      "Query 'fabrikam-query': litware owns its dataset 'litware-members' and is not among its approvers (contosso). Use Query, which works the approvers out from the datasets.",
    );
  });

  test("fails where nobody is asked", async () => {
    expect(messages(await draft({ owners, approvers: [] })).join("\n")).toContain("is not among its approvers (none)");
  });

  test("judges what is missing or not known yet when it is known", async () => {
    expect(await draft({})).toEqual([]);
    for (const properties of [
      { owners: UNKNOWN, approvers: UNKNOWN },
      { owners, approvers: UNKNOWN },
    ]) {
      expect((await draft(properties)).filter(({ mandatory }) => mandatory)).toEqual([]);
    }
  });
});
