// Datasets in accounts with a hierarchical namespace (ADLS Gen2): what is asked of Azure, and what is refused.
import { AzureDataset, BlobStore } from "../../components";
import { answer, details, run } from "../helpers/mocks";

const ACCOUNT = "azure-native:storage:StorageAccount";
const DOCUMENT = "pulumi-nodejs:dynamic/cleanroom:DatasetDocument";
const group = { resourceGroupName: "group", openToEveryNetwork: true };
const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const dataset = { ...group, details, schema, allowedFields: ["region"], hierarchicalNamespace: true };
const file = { path: "stacks/contosso/sales.csv", sha256: "ab".repeat(32) };

test("a dataset with real folders names the account's data lake address, and is uploaded by its blob address", async () => {
  const program = await run(() => new AzureDataset("sales", { ...dataset, data: file }));
  expect(program.the(ACCOUNT).inputs.isHnsEnabled).toBe(true);
  expect(program.the(DOCUMENT).inputs.store).toEqual({
    containerName: "sales",
    storageAccountUrl: "https://sales.dfs.core.windows.net/",
    storageAccountType: "Azure_BlobStorage_DataLakeGen2",
    encryptionMode: "CPK",
  });
  const { environment } = program.the("command:local:Command").inputs as { environment: { CLEANROOM_UPLOAD: string } };
  expect(JSON.parse(environment.CLEANROOM_UPLOAD)).toMatchObject({
    destination: { url: "https://sales.blob.core.windows.net/" },
  });
});

test("an account without it says nothing of a namespace, as before", async () => {
  const program = await run(() => new AzureDataset("sales", { ...dataset, hierarchicalNamespace: undefined }));
  expect(program.the(ACCOUNT).inputs).not.toHaveProperty("isHnsEnabled");
});

test("an account that exists is taken where it has real folders", async () => {
  answer("azure-native:storage:getStorageAccount", () => ({
    id: "/subscriptions/s/storageAccounts/mine",
    name: "mine",
    isHnsEnabled: true,
    primaryEndpoints: { blob: "https://mine.blob.core.windows.net/", dfs: "https://mine.dfs.core.windows.net/" },
  }));
  const program = await run(() => {
    const store = new BlobStore("shared", { ...group, existingAccountName: "mine", hierarchicalNamespace: true });
    new AzureDataset("sales", { ...dataset, hierarchicalNamespace: undefined, store });
  });
  expect(program.the(DOCUMENT).inputs.store).toMatchObject({
    storageAccountUrl: "https://mine.dfs.core.windows.net/",
    storageAccountType: "Azure_BlobStorage_DataLakeGen2",
  });
});

test("fails with an account that exists without it", async () => {
  const args = { ...group, existingAccountName: "mine", hierarchicalNamespace: true };
  await expect(run(() => new BlobStore("shared", args))).rejects.toThrow(
    "Storage account 'mine' has no hierarchical namespace, and none can be given to it here",
  );
});

test("keeps what is deleted, and no earlier versions, which such an account has not", async () => {
  const program = await run(() => new AzureDataset("sales", dataset));
  expect(program.the("azure-native:storage:BlobServiceProperties").inputs).toMatchObject({
    isVersioningEnabled: false,
    deleteRetentionPolicy: { enabled: true, days: 30 },
  });
});

test("fails where it is said of a store that is given", async () => {
  const failed = run(() => new AzureDataset("sales", { ...dataset, store: new BlobStore("shared", group) }));
  await expect(failed).rejects.toThrow("AzureDataset 'sales': hierarchicalNamespace is said of a new store");
});
