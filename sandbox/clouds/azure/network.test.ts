import { startTestClouds, type TestClouds, type TestProvider } from "../testing";
import { nameOf, TestAzure, vaultProperties } from "../testing/azure";

let clouds: TestClouds;
let provider: TestProvider;
let azure: TestAzure;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("azure-native");
  azure = new TestAzure(provider);
});
afterEach(() => clouds.end());

const account = (...ranges: readonly string[]): object => ({
  networkRuleSet: {
    bypass: "None",
    defaultAction: "Deny",
    ipRules: ranges.map((iPAddressOrRange) => ({ action: "Allow", iPAddressOrRange })),
  },
});
const vault = (...ranges: readonly string[]): object => ({
  properties: {
    ...vaultProperties(),
    networkAcls: { bypass: "None", defaultAction: "Deny", ipRules: ranges.map((value) => ({ value })) },
  },
});

describe("network rules", () => {
  test.each([["203.0.113.10"], ["203.0.113.0/24"], ["198.51.100.7"]])(
    "may deny every network but %s",
    async (range) => {
      const group = await azure.group();
      const made = await azure.account(group, "data", account(range) as never);
      expect(made.outputs.networkRuleSet).toMatchObject({
        defaultAction: "Deny",
        ipRules: [{ iPAddressOrRange: range }],
      });
      const { outputs } = await azure.vault(group, "vault", vault(range) as never);
      expect(outputs.properties).toMatchObject({ networkAcls: { defaultAction: "Deny", ipRules: [{ value: range }] } });
    },
  );

  test.each(["10.0.0.1", "192.168.1.0/24", "203.0.113.0/40", "everywhere"])(
    "fail with %s, as Azure's do",
    async (range) => {
      const group = await azure.group();
      const named = account(range, "203.0.113.10") as never;
      await expect(azure.account(group, "data", named)).rejects.toThrow("is no public IPv4 address or range");
    },
  );
});

describe("the blob service of an account", () => {
  const type = "azure-native:storage:BlobServiceProperties";

  test("is set to keep versions, changed, and left as it is when it is deleted", async () => {
    const group = await azure.group();
    const { id, ...data } = await azure.account(group);
    const inputs = {
      resourceGroupName: nameOf(group),
      accountName: nameOf({ id, ...data }),
      blobServicesName: "default",
    };
    const made = await provider.create(type, "blobs", { ...inputs, isVersioningEnabled: true });
    expect(made.id).toBe(`${id}/blobServices/default`);
    expect(made.outputs).toMatchObject({ name: "default", isVersioningEnabled: true });
    const changed = await provider.update(made, { ...inputs, isVersioningEnabled: false });
    expect(changed.outputs.isVersioningEnabled).toBe(false);
    await provider.delete(changed);
  });

  test("fails without its account, and with another name", async () => {
    const group = await azure.group();
    const inputs = { resourceGroupName: nameOf(group), accountName: "none1", blobServicesName: "default" };
    await expect(provider.create(type, "blobs", inputs)).rejects.toThrow("none1");
    await expect(provider.check(type, "blobs", { ...inputs, blobServicesName: "second" })).rejects.toThrow('"second"');
  });
});
