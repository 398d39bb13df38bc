import { type Deployed, GONE, startTestClouds, type TestClouds, type TestProvider, UNKNOWN } from "../testing";
import { nameOf, roles, TestAzure, types, vaultProperties } from "../testing/azure";
import { collaborator } from "../../world";

const DAY = 24 * 60 * 60 * 1000;
const policy = (text: string) => ({ contentType: "application/json; charset=utf-8", data: text });

let clouds: TestClouds;
let provider: TestProvider;
let azure: TestAzure;
let group: Deployed;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("azure-native");
  azure = new TestAzure(provider);
  group = await azure.group();
});
afterEach(() => clouds.end());

const properties = (more: object = {}) => ({ properties: { ...vaultProperties(), ...more } });
const inputs = (more: object = {}) => ({ resourceGroupName: nameOf(group), vaultName: "kept", ...properties(more) });

describe("a vault", () => {
  test("is where the data plane says that it is, and known to it before anybody else", async () => {
    const seen: string[] = [];
    clouds.clouds.state.register({
      vaultCreated: ({ name, sku }) => {
        seen.push(`${name} ${sku}`);
        return Promise.resolve({ vaultUri: "https://localhost:1/" });
      },
    });
    const vault = await azure.vault(group, "v", { vaultName: "mine" });
    expect(vault.outputs.properties).toMatchObject({ vaultUri: "https://localhost:1/", enableSoftDelete: true });
    expect(seen).toEqual(["mine premium"]);
    expect(clouds.clouds.state.vault("MINE")).toMatchObject({ name: "mine", sku: "premium", retentionDays: 90 });
  });

  test("fails to take the name of a deleted one", async () => {
    await provider.delete(await azure.vault(group, "v", inputs()));
    expect(clouds.clouds.state.vault("kept")).toBeUndefined();
    await expect(azure.vault(group, "v", inputs())).rejects.toThrow(
      /Code="ConflictError" Message="A vault with the same name already exists in deleted state/,
    );
  });

  test("is recovered with createMode recover", async () => {
    await provider.delete(await azure.vault(group, "v", inputs()));
    const recovered = await azure.vault(group, "v", inputs({ createMode: "recover" }));
    expect(nameOf(recovered)).toBe("kept");
    expect(recovered.outputs.properties).not.toHaveProperty("createMode");
  });

  test("fails to be recovered where none was deleted", async () => {
    await expect(azure.vault(group, "v", inputs({ createMode: "recover" }))).rejects.toThrow("VaultNotFound");
  });

  test("may take a deleted one's name once the retention is over, and begins empty", async () => {
    const purged: string[] = [];
    clouds.clouds.state.register({
      vaultPurged: (name) => {
        purged.push(name);
        return Promise.resolve();
      },
    });
    await provider.delete(await azure.vault(group, "v", inputs({ softDeleteRetentionInDays: 7 })));
    clouds.pass(7 * DAY);
    await azure.vault(group, "v", inputs());
    expect(purged).toEqual(["kept"]);
  });

  test.each([
    ["access policies", { enableRbacAuthorization: false }, "does not model vaults with access policies"],
    ["purge protection that is taken away", { enablePurgeProtection: false }, "cannot be set to false"],
    ["no soft deletion", { enableSoftDelete: false }, "enableSoftDelete"],
    ["another tenant", { tenantId: collaborator("litware").tenantId }, "is not that of the subscription"],
  ])("fails with %s", async (_, more, message) => {
    await expect(azure.vault(group, "v", inputs(more))).rejects.toThrow(message);
  });

  test.each([
    ["its retention", { softDeleteRetentionInDays: 7 }, "can't be modified"],
    ["its purge protection", { enablePurgeProtection: false }, "irreversible"],
    ["its tier downwards", { enablePurgeProtection: true, sku: { family: "A", name: "standard" } }, "does not model"],
  ])("fails to change %s", async (_, more, message) => {
    const vault = await azure.vault(group, "v", inputs({ enablePurgeProtection: true }));
    await expect(provider.update(vault, inputs(more))).rejects.toThrow(message);
  });
});

test("a vault keeps its purge protection where a later program does not speak of it", async () => {
  const vault = await azure.vault(group, "v", inputs({ enablePurgeProtection: true }));
  const changed = await provider.update(vault, { ...inputs(), tags: { a: "b" } });
  expect(changed.outputs.properties).toMatchObject({ enablePurgeProtection: true });
});

describe("a key", () => {
  let vault: Deployed;
  const kek = (more: object = {}) => ({
    resourceGroupName: nameOf(group),
    vaultName: nameOf(vault),
    properties: { kty: "RSA-HSM", ...more },
  });

  beforeEach(async () => {
    vault = await azure.vault(group);
  });

  test("answers its address and facts flat, as the real class has them", async () => {
    const given = { keySize: 3072, attributes: { exportable: true }, releasePolicy: policy("e30") };
    const key = await provider.create(types.key, "kek", kek(given));
    expect(key.id).toBe(`${vault.id}/keys/kek`);
    expect(key.outputs).toMatchObject({
      name: "kek",
      kty: "RSA-HSM",
      keySize: 3072,
      keyUri: `https://${nameOf(vault)}.vault.azure.net/keys/kek`,
      attributes: { enabled: true, exportable: true, recoveryLevel: "Recoverable" },
      releasePolicy: policy("e30"),
    });
    expect(key.outputs.keyUriWithVersion).toMatch(/\/keys\/kek\/[0-9a-f]{32}$/);
  });

  test("that exists is never written to: a changed release policy is an update that changes nothing", async () => {
    const old = kek({ releasePolicy: policy("e30") });
    const key = await provider.create(types.key, "kek", old);
    const changed = kek({ releasePolicy: policy("e2F9") });
    expect((await provider.diff(key, changed)).detailed).toEqual({ "properties.releasePolicy.data": "update" });
    expect((await provider.update(key, changed)).outputs.releasePolicy).toEqual(policy("e30"));
    expect((await provider.create(types.key, "kek", changed)).outputs.keyUriWithVersion).toBe(
      key.outputs.keyUriWithVersion,
    );
  });

  test("whose policy was changed in the vault is shown as drift", async () => {
    const key = await provider.create(types.key, "kek", kek({ releasePolicy: policy("e30") }));
    const facts = await clouds.clouds.state.hooks.keyRead(clouds.clouds.state.vaults()[0], "kek");
    clouds.clouds.state.register({ keyRead: () => Promise.resolve({ ...facts!, releasePolicy: policy("e2F9") }) });
    const read = await provider.read(key);
    expect(read.outputs.releasePolicy).toEqual(policy("e2F9"));
    expect((await provider.diff(read, key.inputs)).detailed).toEqual({ "properties.releasePolicy.data": "update" });
  });

  test("that was deleted in the vault is gone", async () => {
    const key = await provider.create(types.key, "kek", kek());
    await clouds.clouds.state.hooks.keyDeleted(clouds.clouds.state.vaults()[0], "kek");
    expect((await provider.read(key)).id).toBe(GONE);
  });

  test("is deleted through the data plane, which wants a role", async () => {
    const key = await provider.create(types.key, "kek", kek());
    await expect(provider.delete(key)).rejects.toThrow(
      /Code="Forbidden".*vaults\/keys\/delete.*Key Vault Crypto Officer/,
    );
    await azure.role(vault.id, roles.cryptoOfficer, collaborator("contosso").userOid);
    await provider.delete(key);
    expect((await provider.read(key)).id).toBe(GONE);
  });

  test("is unknown in a preview as far as the vault decides", async () => {
    const preview = await provider.preview(types.key, "kek", kek());
    expect(preview).toMatchObject({ name: "kek", keyUriWithVersion: UNKNOWN, attributes: UNKNOWN });
  });

  test("fails of a kind that is not modelled", async () => {
    const check = provider.check(types.key, "kek", kek({ kty: "EC-HSM" }));
    await expect(check).rejects.toThrow(`does not model "EC-HSM" as 'properties.kty'`);
  });
});

describe("a secret", () => {
  test("answers its address and never its value", async () => {
    const vault = await azure.vault(group);
    const given = { resourceGroupName: nameOf(group), vaultName: nameOf(vault), properties: { value: "hush" } };
    const secret = await provider.create(types.secret, "dek", given);
    expect(JSON.stringify(secret.outputs)).not.toContain("hush");
    expect(secret.outputs.properties).toMatchObject({
      secretUri: `https://${nameOf(vault)}.vault.azure.net/secrets/dek`,
    });
    const changed = await provider.update(secret, { ...given, properties: { value: "other" } });
    const versions = [secret, changed].map(
      ({ outputs }) => (outputs.properties as Record<string, string>).secretUriWithVersion,
    );
    expect(versions[0]).not.toBe(versions[1]);
  });
});
