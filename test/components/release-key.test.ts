// Who may have a KEK released, what it wraps, and what another label makes anew.
import { AzureDataset, ReleaseKey } from "../../components";
import { details, run, type Program } from "../helpers/mocks";

const ROLE = "azure-native:authorization:RoleAssignment";
const VAULT = "azure-native:keyvault:Vault";
const KEY = "azure-native:keyvault:Key";
const DATA_KEY = "pulumi-nodejs:dynamic/cleanroom:DataKey";
const OLD = "0d".repeat(32);

const args = { resourceGroupName: "group", details, principalId: "principal" };
const [now] = details.cleanroomPolicy.releasePolicy.anyOf;
const branch = (hostData: string) => ({ ...now, allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals: hostData }] });

interface KeyInputs {
  readonly keyName: string;
  readonly properties: { readonly releasePolicy: { readonly data: string } };
}

const keyOf = (program: Program): KeyInputs => program.the(KEY).inputs as unknown as KeyInputs;
const policyOf = (program: Program): unknown =>
  JSON.parse(Buffer.from(keyOf(program).properties.releasePolicy.data, "base64url").toString("utf8"));

describe("a release policy", () => {
  test("has a branch for each clean room that still runs, for the KEK and its DEK alike", async () => {
    const whole = { version: "1.0.0", anyOf: [{ ...branch("ef"), authority: "https://attest.example" }] };
    const program = await run(() => new ReleaseKey("sales", { ...args, previousPolicies: [OLD, whole] }));
    const expected = { version: "1.0.0", anyOf: [now, branch(OLD), branch("ef")] };
    expect(policyOf(program)).toEqual(expected);
    expect(program.the(DATA_KEY).inputs.releasePolicy).toEqual(expected);
  });

  test("has a branch for each of several clean rooms", async () => {
    const releasePolicy = { version: "1.0.0", anyOf: [{ ...branch(OLD), authority: "https://attest.example" }] };
    const other = { ...details, contractId: "other", cleanroomPolicy: { hostData: [OLD], releasePolicy } };
    const program = await run(() => new ReleaseKey("sales", { ...args, otherCleanRooms: [other] }));
    expect(policyOf(program)).toEqual({ version: "1.0.0", anyOf: [now, branch(OLD)] });
  });

  test("fails with a clean room that another service attests", async () => {
    const other = { ...details, contractId: "other", attestationUrl: "https://elsewhere.example" };
    await expect(run(() => new ReleaseKey("sales", { ...args, otherCleanRooms: [other] }))).rejects.toThrow(
      "otherCleanRooms: the clean room of contract 'other' is attested by https://elsewhere.example, this one by https://attest.example.",
    );
  });

  test("fails with host data that is none", async () => {
    await expect(run(() => new ReleaseKey("sales", { ...args, previousPolicies: ["0d"] }))).rejects.toThrow(
      "'0d' is no host data: give the 64 hexadecimal digits",
    );
  });
});

describe("another label", () => {
  const names = async (change: object): Promise<readonly unknown[]> => {
    const program = await run(() => new ReleaseKey("sales", { ...args, ...change }));
    const { keyName, secretName, wrappedSecretName } = program.the(DATA_KEY).inputs;
    expect(keyOf(program).keyName).toBe(keyName);
    return [keyName, secretName, wrappedSecretName];
  };

  test("of both keys makes both anew, and of the KEK the KEK alone", async () => {
    expect(await names({})).toEqual(["sales-kek-3072", "sales-dek", "wrapped-sales-dek-sales-kek-3072"]);
    expect(await names({ rotation: "v2" })).toEqual([
      "sales-kek-3072-v2",
      "sales-dek-v2",
      "wrapped-sales-dek-v2-sales-kek-3072-v2",
    ]);
    expect(await names({ kekRotation: "v2" })).toEqual([
      "sales-kek-3072-k-v2",
      "sales-dek",
      "wrapped-sales-dek-sales-kek-3072-k-v2",
    ]);
  });

  test("is in the names in preview, so that what will be wrapped anew can be told", async () => {
    const program = await run(() => new ReleaseKey("sales", { ...args, rotation: "v2" }), { preview: true });
    expect(program.the(DATA_KEY).inputs).toMatchObject({ keyName: "sales-kek-3072-v2", secretName: "sales-dek-v2" });
    expect(program.the(DATA_KEY).waitsFor).toContain("sales-kek");
  });

  test("reaches the key that a dataset makes", async () => {
    const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
    const dataset = { resourceGroupName: "group", details, schema, allowedFields: ["region"] };
    const program = await run(
      () => new AzureDataset("sales", { ...dataset, rotation: "v2", kekRotation: "a", previousPolicies: [OLD] }),
    );
    expect(keyOf(program).keyName).toBe("sales-kek-3072-v2-k-a");
    expect(policyOf(program)).toEqual({ version: "1.0.0", anyOf: [now, branch(OLD)] });
    await expect(
      run(() => new AzureDataset("sales", { ...dataset, key: new ReleaseKey("key", args), rotation: "v2" })),
    ).rejects.toThrow("AzureDataset 'sales': rotation is of a key that is made, and key brings its own: say it there.");
  });

  test.each([
    ["a label that no name holds", { rotation: "version two" }, "rotation is 'version two': it stands in keys' names"],
    ["a label for a KEK that exists", { kekRotation: "v2", existingKeyName: "mine" }, "name another key there instead"],
  ])("fails with %s", async (_what, change, problem) => {
    await expect(run(() => new ReleaseKey("sales", { ...args, ...change }))).rejects.toThrow(problem);
  });
});

describe("one key for several datasets", () => {
  const scopes = (program: Program, name: string): unknown => program.the(ROLE, name).inputs.scope;

  test("is released to each of their identities, and its wrapped DEK read by each", async () => {
    const otherPrincipals = { members: "members-principal" };
    const program = await run(() => new ReleaseKey("sales", { ...args, otherPrincipals }));
    for (const right of ["release", "unwrap"]) {
      const [first, second] = [`sales-${right}`, `sales-${right}-members`].map(
        (name) => program.the(ROLE, name).inputs,
      );
      expect(first).toMatchObject({ principalId: "principal" });
      expect(second).toMatchObject({ principalId: "members-principal", scope: first?.scope as string });
    }
  });

  test("is one KEK with a DEK for each: one vault, one key, and no right given twice", async () => {
    const program = await run(() => {
      const sharedKek = new ReleaseKey("sales", args);
      const { resourceGroupName } = args;
      new ReleaseKey("members", { resourceGroupName, sharedKek, principalId: "members-principal", rotation: "v2" });
      new ReleaseKey("stores", { resourceGroupName, sharedKek, principalId: "members-principal" });
    });
    expect(program.all.filter(({ type }) => type === VAULT || type === KEY)).toHaveLength(2);
    expect(program.the(DATA_KEY, "members-dek").inputs).toMatchObject({
      keyName: "sales-kek-3072",
      secretName: "members-dek-v2",
      wrappedSecretName: "wrapped-members-dek-v2-sales-kek-3072",
      releasePolicy: details.cleanroomPolicy.releasePolicy,
    });
    expect(
      program.all
        .filter(({ type }) => type === ROLE)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        ...["sales-deployer-keys", "sales-deployer-secrets"],
        ...["sales-release", "sales-unwrap", "members-release", "members-unwrap", "stores-unwrap"],
      ].sort(),
    );
    expect(scopes(program, "members-release")).toBe(scopes(program, "sales-release"));
  });

  test("fails where what is of the shared KEK is said beside it", async () => {
    const twice = (): ReleaseKey =>
      new ReleaseKey("members", { ...args, sharedKek: new ReleaseKey("sales", args), keySize: 4096 });
    await expect(run(twice)).rejects.toThrow(
      "ReleaseKey 'members': details is of the vault or its KEK, which sharedKek brings along: say it there.",
    );
  });
});
