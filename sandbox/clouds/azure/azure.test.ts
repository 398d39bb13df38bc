import { type Deployed, GONE, startTestClouds, type TestClouds, type TestProvider, UNKNOWN } from "../testing";
import { nameOf, TestAzure, types, vaultProperties } from "../testing/azure";
import { collaborator } from "../../world";

let clouds: TestClouds;
let provider: TestProvider;
let azure: TestAzure;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("azure-native");
  azure = new TestAzure(provider);
});
afterEach(() => clouds.end());

const contosso = collaborator("contosso");

describe("names", () => {
  test("are the program's with eight hexadecimal digits, and stay over updates", async () => {
    const group = await azure.group("shop");
    expect(nameOf(group)).toMatch(/^shop[0-9a-f]{8}$/);
    const after = await provider.update(group, { location: "westeurope", tags: { a: "b" } });
    expect(nameOf(after)).toBe(nameOf(group));
    expect(after.outputs.tags).toEqual({ a: "b" });
  });

  test("of what stands below another resource are the program's own", async () => {
    const group = await azure.group();
    const account = await azure.account(group);
    const inputs = { resourceGroupName: nameOf(group), accountName: nameOf(account) };
    expect(nameOf(await provider.create(types.container, "sales", inputs))).toBe("sales");
  });

  test.each([
    [types.account, "accountName", "Data-1"],
    [types.account, "accountName", "ab"],
    [types.vault, "vaultName", "1vault"],
    [types.vault, "vaultName", "a--b"],
    [types.vault, "vaultName", "vault-"],
    [types.vault, "vaultName", "v".repeat(25)],
    [types.identity, "resourceName", "-x"],
    [types.container, "containerName", "Sales"],
    [types.container, "containerName", "a--b"],
    [types.group, "resourceGroupName", "group."],
    [types.key, "keyName", "my_key"],
    [types.credential, "federatedIdentityCredentialResourceName", "ab"],
  ])("fails for %s whose %s is %s", async (type, property, value) => {
    const all = {
      [types.group]: { location: "westeurope" },
      [types.account]: { kind: "StorageV2", sku: { name: "Standard_LRS" }, resourceGroupName: "g" },
      [types.vault]: { properties: vaultProperties(), resourceGroupName: "g" },
      [types.identity]: { resourceGroupName: "g" },
      [types.container]: { accountName: "a", resourceGroupName: "g" },
      [types.key]: { vaultName: "v", resourceGroupName: "g", properties: { kty: "RSA" } },
      [types.credential]: {
        resourceGroupName: "g",
        resourceName: "i",
        issuer: "https://i",
        subject: "s",
        audiences: ["a"],
      },
    } as Record<string, object>;
    const check = provider.check(type, "x", { ...all[type], [property]: value });
    await expect(check).rejects.toThrow(`${JSON.stringify(value)} cannot be a name here`);
  });

  test("fail for an account and a vault that another collaborator has", async () => {
    const other = new TestAzure(clouds.provider("azure-native", "litware"), "litware");
    const [mine, theirs] = [await azure.group(), await other.group()];
    await azure.account(mine, "a", { accountName: "shared" });
    await azure.vault(mine, "v", { vaultName: "shared" });
    await expect(other.account(theirs, "a", { accountName: "shared" })).rejects.toThrow("StorageAccountAlreadyTaken");
    await expect(other.vault(theirs, "v", { vaultName: "SHARED" })).rejects.toThrow("VaultAlreadyExists");
  });
});

describe("places", () => {
  test("are the group's where nothing says otherwise", async () => {
    const group = await azure.group("g", { location: "North Europe" });
    expect(group.outputs.location).toBe("northeurope");
    expect((await azure.account(group)).outputs.location).toBe("northeurope");
  });

  test("are the configured ones before the group's", async () => {
    await provider.configure({ location: "westeurope" });
    const group = await provider.create(types.group, "g", {});
    expect(group.outputs.location).toBe("westeurope");
  });

  test("are not known while the group is not", async () => {
    const preview = await provider.preview(types.identity, "i", { resourceGroupName: UNKNOWN });
    expect(preview.location).toBe(UNKNOWN);
  });

  test("written in Azure's other way are no change", async () => {
    const group = await azure.group("g", { location: "West Europe" });
    expect((await provider.diff(group, { location: "westeurope" })).changes).toBe("none");
  });

  test("fail where none is given", async () => {
    await expect(provider.create(types.group, "g", {})).rejects.toThrow(
      "missing required property 'location'. Either set it explicitly or configure it with",
    );
  });
});

describe("parents", () => {
  test("fail to be missing: the group", async () => {
    await expect(provider.create(types.identity, "i", { resourceGroupName: "no", location: "x" })).rejects.toThrow(
      `Status=404 Code="ResourceGroupNotFound" Message="Resource group 'no' could not be found."`,
    );
  });

  test("fail to be missing: the account of a container", async () => {
    const group = await azure.group();
    const inputs = { resourceGroupName: nameOf(group), accountName: "nodata" };
    await expect(provider.create(types.container, "sales", inputs)).rejects.toThrow("ResourceNotFound");
  });

  test("belong to one collaborator: another's group is not found", async () => {
    const group = await azure.group();
    const other = new TestAzure(clouds.provider("azure-native", "litware"), "litware");
    await expect(other.identity(group, "i", { location: "westeurope" })).rejects.toThrow("ResourceGroupNotFound");
  });

  test("take everything in them along when they are deleted", async () => {
    const group = await azure.group();
    const identity = await azure.identity(group);
    const account = await azure.account(group);
    const vault = await azure.vault(group);
    await provider.delete(group);
    for (const each of [identity, account, vault]) expect((await provider.read(each)).id).toBe(GONE);
  });
});

describe("the protocol", () => {
  test("previews what is known and marks the rest as unknown, inside objects as well", async () => {
    const group = await azure.group();
    const inputs = { resourceGroupName: nameOf(group), properties: vaultProperties() };
    const preview = await provider.preview(types.vault, "v", inputs);
    expect(preview.name).toMatch(/^v[0-9a-f]{8}$/);
    expect(preview.properties).toMatchObject({ sku: { name: "premium" }, vaultUri: UNKNOWN });
    expect(clouds.clouds.state.vaults()).toEqual([]);
  });

  test("answers what the real provider answers", async () => {
    const account = await azure.account(await azure.group());
    expect(account.id).toMatch(
      new RegExp(
        `^/subscriptions/${contosso.subscriptionId}/resourceGroups/group\\w+/providers/Microsoft.Storage/storageAccounts/data\\w+$`,
      ),
    );
    expect(account.outputs).toMatchObject({
      type: "Microsoft.Storage/storageAccounts",
      name: nameOf(account),
      kind: "StorageV2",
      sku: { name: "Standard_LRS", tier: "Standard" },
      primaryEndpoints: { blob: `https://${nameOf(account)}.blob.core.windows.net/` },
      provisioningState: "Succeeded",
    });
    expect(account.outputs).not.toHaveProperty("accountName");
  });

  test("replaces what cannot be changed, and deletes it first where it has a name of its own", async () => {
    const group = await azure.group();
    const given = { resourceGroupName: nameOf(group), kind: "StorageV2", sku: { name: "Standard_LRS" } };
    const named = await azure.account(group, "a", { accountName: "mydata" });
    const move = await provider.diff(named, { ...given, accountName: "mydata", location: "northeurope" });
    expect(move).toMatchObject({ replaces: ["location"], deleteBeforeReplace: true });
    expect(move.detailed).toEqual({ location: "update-replace" });
    const autonamed = await azure.account(group, "b");
    const flat = await provider.diff(autonamed, { ...given, isHnsEnabled: true });
    expect(flat).toMatchObject({ detailed: { isHnsEnabled: "add-replace" }, deleteBeforeReplace: false });
  });

  test("deletes first what has the program's own name, which its replacement wants as well", async () => {
    const group = await azure.group();
    const [one, two] = [await azure.account(group, "one"), await azure.account(group, "two")];
    const inputs = { resourceGroupName: nameOf(group), accountName: nameOf(one) };
    const container = await provider.create(types.container, "sales", inputs);
    const moved = await provider.diff(container, { ...inputs, accountName: nameOf(two) });
    expect(moved).toMatchObject({ replaces: ["accountName"], deleteBeforeReplace: true });
  });

  test("shows changes path by path", async () => {
    const group = await azure.group("g", { tags: { a: "1", "b c": "2" } });
    const { detailed, replaces } = await provider.diff(group, { location: "westeurope", tags: { a: "2", d: "3" } });
    expect(detailed).toEqual({ "tags.a": "update", 'tags["b c"]': "delete", "tags.d": "add" });
    expect(replaces).toEqual([]);
  });

  test("reads what is there by its id alone, and nothing of what is gone", async () => {
    const identity = await azure.identity(await azure.group());
    const found = await provider.import(types.identity, "i", identity.id);
    expect(found).toMatchObject({ id: identity.id, outputs: identity.outputs });
    expect(found.inputs.resourceName).toBe(identity.outputs.name);
    await provider.delete(identity);
    expect((await provider.read(identity)).id).toBe(GONE);
  });

  test("deletes twice as well as once", async () => {
    const identity = await azure.identity(await azure.group());
    await provider.delete(identity);
    await provider.delete(identity);
  });

  test("keeps what was made over a restart", async () => {
    const account = await azure.account(await azure.group());
    await clouds.restart();
    provider = clouds.provider("azure-native");
    expect((await provider.read(account)).outputs).toEqual(account.outputs);
    expect(clouds.clouds.state.storageAccount(nameOf(account))?.tenantId).toBe(contosso.tenantId);
  });

  test("fails to create what exists already, and says how to take it over", async () => {
    const group = await azure.group();
    await azure.identity(group, "i", { resourceName: "same" });
    const again = azure.identity(group, "i", { resourceName: "same" });
    await expect(again).rejects.toThrow(/cannot create already existing resource .*; pulumi import takes it over/);
  });
});

test("an account gets and loses copies elsewhere, and fails to change what it was made with", async () => {
  const resourceGroupName = nameOf(await azure.group());
  const inputs = { resourceGroupName, kind: "StorageV2", sku: { name: "Standard_LRS" } };
  const account = await provider.create(types.account, "fixed", inputs);
  await provider.update(account, { ...inputs, sku: { name: "Standard_GRS" } });
  for (const [property, change] of [
    ["sku", { sku: { name: "Standard_ZRS" } }],
    ["sku", { sku: { name: "Premium_LRS" } }],
    ["requireInfrastructureEncryption", { encryption: { requireInfrastructureEncryption: true } }],
  ] as const) {
    await expect(provider.update(account, { ...inputs, ...change })).rejects.toThrow(
      `The property '${property}' was specified in the input, but it cannot be updated as it is read-only.`,
    );
  }
});

describe("a region", () => {
  test("is written as people do or as Azure does", async () => {
    expect((await azure.group("written", { location: "Sweden Central" })).outputs.location).toBe("swedencentral");
  });

  test("fails when Azure has no such one, with those that there are", async () => {
    await expect(azure.group("g", { location: "westeuropa" })).rejects.toThrow(
      /Code="LocationNotAvailableForResourceGroup" .*'westeuropa' is not available .*eastus,.*westeurope,/,
    );
    const group = await azure.group();
    for (const [make, type] of [
      [azure.vault(group, "v", { location: "mars" }), "Microsoft.KeyVault/vaults"],
      [azure.account(group, "a", { location: "mars" }), "Microsoft.Storage/storageAccounts"],
      [azure.identity(group, "i", { location: "mars" }), "Microsoft.ManagedIdentity/userAssignedIdentities"],
    ] as const) {
      await expect(make).rejects.toThrow(`'mars' is not available for resource type '${type}'`);
    }
  });
});

describe("what is not modelled", () => {
  test("fails: a type, with those that are modelled", async () => {
    const check = provider.check("azure-native:compute:VirtualMachine", "vm", {});
    await expect(check).rejects.toThrow(
      "the sandbox does not model the resource type azure-native:compute:VirtualMachine",
    );
  });

  test("fails: a property, with the file that lists those that are", async () => {
    const check = provider.check(types.account, "a", {
      resourceGroupName: "g",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      customDomain: { name: "x" },
    });
    await expect(check).rejects.toThrow(
      `the sandbox does not model the property customDomain of ${types.account}: sandbox/clouds/azure/storage-account.ts`,
    );
  });

  test("fails: a property inside another", async () => {
    const networkAcls = { bypass: "None", defaultAction: "Allow", virtualNetworkRules: [] };
    const properties = { ...vaultProperties(), networkAcls };
    const check = provider.check(types.vault, "v", { resourceGroupName: "g", properties });
    await expect(check).rejects.toThrow("does not model the property properties.networkAcls.virtualNetworkRules");
  });

  test("fails: a function", async () => {
    const invoke = provider.invoke("azure-native:storage:listStorageAccountKeys", {});
    await expect(invoke).rejects.toThrow(
      "the sandbox does not model the function azure-native:storage:listStorageAccountKeys",
    );
  });

  test("fails: a required property that is missing, and one of another type", async () => {
    const check = provider.check(types.account, "a", { resourceGroupName: 7, kind: "StorageV2" });
    await expect(check).rejects.toThrow("missing required property 'sku'");
    await expect(check).rejects.toThrow("'resourceGroupName' should be of type 'string' but got a number");
  });
});

describe("functions", () => {
  test("say who deploys", async () => {
    expect(await provider.invoke("azure-native:authorization:getClientConfig")).toMatchObject({
      objectId: contosso.userOid,
      subscriptionId: contosso.subscriptionId,
      tenantId: contosso.tenantId,
    });
  });

  test("find what exists", async () => {
    const group = await azure.group();
    const find = async (token: string, property: string, found: Deployed): Promise<void> => {
      const result = await provider.invoke(token, { resourceGroupName: nameOf(group), [property]: nameOf(found) });
      expect(result).toMatchObject({ ...found.outputs, id: found.id });
    };
    await find("azure-native:keyvault:getVault", "vaultName", await azure.vault(group));
    await find("azure-native:storage:getStorageAccount", "accountName", await azure.account(group));
    await find("azure-native:managedidentity:getUserAssignedIdentity", "resourceName", await azure.identity(group));
  });

  test("fail for what does not exist", async () => {
    const args = { resourceGroupName: "g", vaultName: "none" };
    await expect(provider.invoke("azure-native:keyvault:getVault", args)).rejects.toThrow(`Code="ResourceNotFound"`);
  });
});
