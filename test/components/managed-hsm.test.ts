// A KEK in a Managed HSM: made there under local roles, with the secrets in a vault, which needs no key of its own.
import { ReleaseKey } from "../../components";
import { answer, details, run, UNKNOWN, valueOf } from "../helpers/mocks";

const ROLE = "azure-native:authorization:RoleAssignment";
const KEY = "pulumi-nodejs:dynamic/cleanroom:HsmKey";
const LOCAL = "pulumi-nodejs:dynamic/cleanroom:HsmRoleAssignment";
const DATA_KEY = "pulumi-nodejs:dynamic/cleanroom:DataKey";
const VAULT = "azure-native:keyvault:Vault";

const args = {
  resourceGroupName: "group",
  details,
  principalId: "principal",
  existingHsmUrl: "https://contosso.managedhsm.azure.net",
};
const hsmUrl = "https://contosso.managedhsm.azure.net/";

test("is made in the HSM and wraps a DEK whose secrets are in the vault; a dataset is told both places", async () => {
  let key: ReleaseKey | undefined;
  const program = await run(() => {
    key = new ReleaseKey("sales", { ...args, rotation: "v2", keyExpires: "2028-06-30" });
  });
  expect(program.children("cleanroom:azure:ReleaseKey sales")).toEqual(
    [
      `${VAULT} sales`,
      `${KEY} sales-kek`,
      `${DATA_KEY} sales-dek`,
      `${LOCAL} sales-deployer-keys`,
      `${LOCAL} sales-release`,
      `${ROLE} sales-deployer-secrets`,
      `${ROLE} sales-unwrap`,
    ].sort(),
  );
  const keyName = "sales-kek-3072-20280630-v2";
  expect(program.the(KEY).inputs).toEqual({
    hsmUrl,
    keyName,
    keySize: 3072,
    expires: Date.parse("2028-06-30T23:59:59Z") / 1000,
    releasePolicy: details.cleanroomPolicy.releasePolicy,
  });
  expect(program.the(DATA_KEY).inputs).toMatchObject({ vaultUrl: "https://sales.vault.azure.net/", hsmUrl, keyName });
  expect(program.the(DATA_KEY).waitsFor).toEqual(expect.arrayContaining(["sales-kek", "sales-deployer-secrets"]));
  expect((await valueOf(key!.kek)).value).toEqual({
    secretId: keyName,
    keyVaultUrl: hsmUrl,
    maaUrl: "https://attest.example",
  });
  expect((await valueOf(key!.dek)).value.keyVaultUrl).toBe("https://sales.vault.azure.net/");
});

test("is released to the clean room's identity by a local role on the one key, which a second run finds", async () => {
  const program = await run(() => new ReleaseKey("sales", args));
  const again = await run(() => new ReleaseKey("sales", args));
  const { inputs, waitsFor } = program.the(LOCAL, "sales-release");
  expect(inputs).toEqual({
    hsmUrl,
    name: again.the(LOCAL, "sales-release").inputs.name,
    scope: "/keys/sales-kek-3072",
    role: "Managed HSM Crypto Service Release User",
    principalId: "principal",
  });
  expect(waitsFor).toContain("sales-kek");
  expect(program.the(LOCAL, "sales-deployer-keys").inputs).toMatchObject({
    scope: "/keys",
    role: "Managed HSM Crypto User",
    principalId: "deployer",
  });
});

test("leaves the deployer's rights alone when told so, takes a key that exists, and shares it", async () => {
  const program = await run(() => {
    const sharedKek = new ReleaseKey("sales", { ...args, existingKeyName: "mine", grantDeployer: false });
    new ReleaseKey("members", { resourceGroupName: "group", sharedKek, principalId: "members-principal" });
  });
  expect(program.all.filter(({ type }) => type === KEY)).toEqual([]);
  expect(program.all.filter(({ type }) => type === LOCAL).map(({ name }) => name)).toEqual([
    "sales-release",
    "members-release",
  ]);
  expect(program.the(DATA_KEY, "members-dek").inputs).toMatchObject({ hsmUrl, keyName: "mine" });
});

test("is content with a standard vault for the secrets", async () => {
  answer("azure-native:keyvault:getVault", ({ vaultName }) => ({
    id: "/subscriptions/s/vaults/mine",
    name: vaultName,
    properties: {
      vaultUri: "https://mine.vault.azure.net/",
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  }));
  const program = await run(() => new ReleaseKey("sales", { ...args, existingVaultName: "mine" }));
  expect(program.the(DATA_KEY).inputs).toMatchObject({ vaultUrl: "https://mine.vault.azure.net/", hsmUrl });
});

test("is shown in preview, when the HSM has no address yet", async () => {
  const program = await run(() => new ReleaseKey("sales", { ...args, existingHsmUrl: UNKNOWN }), { preview: true });
  expect(program.the(KEY).inputs.keyName).toBe("sales-kek-3072");
});
