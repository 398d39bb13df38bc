// Datasets in OneLake: what is made around them, what must be given by hand, and what is refused.
import { OneLakeDataset, ReleaseKey } from "../../components";
import { details, run, valueOf } from "../helpers/mocks";

const DOCUMENT = "pulumi-nodejs:dynamic/cleanroom:DatasetDocument";
const group = { resourceGroupName: "group" };
const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const place = { workspace: "retail", item: "visits.Lakehouse", path: "Files/2026" };
const dataset = { ...group, ...place, details, schema, allowedFields: ["region"] };
const file = { path: "stacks/contosso/sales.csv", sha256: "ab".repeat(32) };

test("a dataset names workspace, item and folder in its address, and has identity and key of its own", async () => {
  const program = await run(() => new OneLakeDataset("visits", dataset));
  expect(program.children("cleanroom:azure:OneLakeDataset visits")).toEqual([
    "cleanroom:azure:ReleaseKey visits",
    "cleanroom:azure:WorkloadIdentity visits",
    `${DOCUMENT} visits`,
  ]);
  expect(program.the(DOCUMENT).inputs).toMatchObject({
    store: {
      containerName: "retail",
      storageAccountUrl: "https://onelake.dfs.fabric.microsoft.com/retail/visits.Lakehouse/Files/2026",
      storageAccountType: "Azure_OneLake",
      encryptionMode: "CSE",
    },
    identity: { name: "visits-identity", issuerUrl: "https://issuer.example/oidc" },
    dek: { secretId: expect.stringContaining("wrapped-visits-dek") as string },
    federatedSubject: "analytics-owner",
  });
});

test.each([
  [
    "read",
    'In Fabric, share the item visits.Lakehouse of the workspace retail with visits-identity (object id visits-identity-principal): Read and ReadAll ("Read all OneLake data").',
  ],
  [
    "write",
    "In Fabric, add visits-identity (object id visits-identity-principal) to the workspace retail as Contributor.",
  ],
] as const)("to %s says which right must be given by hand, and to whom", async (accessMode, sentence) => {
  let made: OneLakeDataset | undefined;
  await run(() => {
    made = new OneLakeDataset("visits", { ...dataset, accessMode });
  });
  expect((await valueOf(made!.rightsToGive)).value).toBe(sentence);
});

test("a file is encrypted and brought to OneLake's address for clients of blob storage", async () => {
  const program = await run(() => new OneLakeDataset("visits", { ...dataset, data: file }));
  const { environment } = program.the("command:local:Command").inputs as { environment: { CLEANROOM_UPLOAD: string } };
  expect(JSON.parse(environment.CLEANROOM_UPLOAD)).toMatchObject({
    encryptionMode: "CSE",
    destination: {
      kind: "blob",
      url: "https://onelake.blob.fabric.microsoft.com/",
      container: "retail",
      subdirectory: "visits.Lakehouse/Files/2026",
    },
  });
});

test("has no key where OneLake encrypts by itself", async () => {
  const program = await run(() => new OneLakeDataset("visits", { ...dataset, encryptionMode: "SSE" }));
  expect(program.the(DOCUMENT).inputs).not.toHaveProperty("dek");
});

test("fails with CPK, whose key OneLake ignores", async () => {
  await expect(run(() => new OneLakeDataset("visits", { ...dataset, encryptionMode: "CPK" }))).rejects.toThrow(
    "OneLakeDataset 'visits': encryptionMode is CPK, but OneLake ignores the key that a request brings, and would keep the data without it. Use CSE or SSE.",
  );
});

test("fails with a key that would have no effect", async () => {
  const failed = run(() => {
    const key = new ReleaseKey("shared", { ...group, details, principalId: "principal" });
    new OneLakeDataset("visits", { ...dataset, encryptionMode: "SSE", key });
  });
  await expect(failed).rejects.toThrow("encryptionMode is SSE, and key is given, but the store itself encrypts.");
});
