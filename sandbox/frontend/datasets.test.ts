// Datasets: published, read back, listed, and refused.
import { contractId } from "../world";
import {
  call,
  details,
  errorsOf,
  governance,
  newId,
  oid,
  published,
  query,
  refusal,
  store,
  useServices,
} from "./testing";

useServices();

describe("datasets", () => {
  test("a published dataset is accepted by its publisher alone, and answered with nulls and empty strings", async () => {
    const id = await published("contosso");
    const { body } = await call("fabrikam", "GET", `/analytics/datasets/${id}`);
    expect(body).toEqual({
      id,
      version: expect.stringMatching(/^\d+\.\d+$/) as string,
      state: "Accepted",
      proposerId: oid("contosso"),
      data: {
        ...details(),
        name: id,
        store: { ...details().store, awsCgsSecretId: "", subdirectory: "" },
        dek: { ...details().dek, maaUrl: null },
      },
    });
    const document = (await governance("litware", "GET", `/userdocuments/${id}`)).body;
    expect(document).toMatchObject({
      labels: { type: "dataset" },
      approvers: [{ approverId: oid("contosso"), approverIdType: "user" }],
      finalVotes: [{ approverId: oid("contosso"), ballot: "accepted" }],
    });
  });

  test("the stored descriptor is the one that the clean room reads", async () => {
    const id = await published("contosso");
    const { data } = (await governance("litware", "GET", `/userdocuments/${id}`)).body as { data: string };
    const stored = JSON.parse(data) as Record<string, unknown>;
    const resource = (name: string, protocol: string, configuration: string): unknown => ({
      name,
      secret: {
        secretType: "Key",
        backingResource: {
          name,
          type: "AzureKeyVault",
          id: name,
          provider: { protocol, url: "https://v.vault.azure.net", configuration },
        },
      },
    });
    const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
    expect(stored).toMatchObject({
      name: id,
      datasetAccessPoint: {
        name: "given name",
        type: "Volume_ReadOnly",
        path: "",
        store: {
          name: "sales",
          id: "sales",
          type: "Azure_BlobStorage",
          provider: { protocol: "Azure_BlobStorage", configuration: "" },
        },
        identity: {
          name: "identity",
          tokenIssuer: {
            issuer: { protocol: "AzureAD_Federated", url: "https://issuer" },
            issuerType: "FederatedIdentityBasedTokenIssuer",
          },
        },
        protection: {
          proxyType: "SecureVolume__ReadOnly__Azure__BlobStorage",
          proxyMode: "Secure",
          privacyPolicy: null,
          configuration: base64({ KeyType: "KEK", EncryptionMode: "CSE" }),
          encryptionSecrets: {
            dek: resource("wrapped-dek", "AzureKeyVault_Secret", ""),
            kek: resource("kek", "AzureKeyVault_SecureKey", base64({ authority: "https://maa" })),
          },
        },
        subdirectory: "",
      },
    });
  });

  test("a dataset in S3 needs a secret and no identity, and is read back without", async () => {
    const s3 = { storageAccountType: "Aws_S3", encryptionMode: "SSE", awsCgsSecretId: "secret-id" };
    const id = await published("litware", { ...store(s3), identity: undefined, dek: undefined, kek: undefined });
    const { data } = (await call("litware", "GET", `/analytics/datasets/${id}`)).body as { data: unknown };
    expect(data).toMatchObject({
      identity: null,
      dek: null,
      kek: null,
      store: { awsCgsSecretId: "secret-id", encryptionMode: "SSE" },
    });
  });

  test("a second publish of the same id with other content is silently ignored, whoever sends it", async () => {
    const id = await published("contosso");
    const other = details(store({ containerName: "elsewhere" }));
    for (const who of ["contosso", "litware"] as const) {
      expect((await call(who, "POST", `/analytics/datasets/${id}/publish`, other)).status).toBe(204);
    }
    const { body } = await call("fabrikam", "GET", `/analytics/datasets/${id}`);
    expect(body).toMatchObject({ proposerId: oid("contosso"), data: { store: { containerName: "sales" } } });
  });

  test("fails to publish over another's draft: 403 at the vote, and the publisher stays its proposer", async () => {
    const id = newId();
    const approvers = [{ approverId: oid("litware"), approverIdType: "user" }];
    await governance("litware", "PUT", `/userdocuments/${id}`, {
      contractId,
      data: "{}",
      labels: { type: "dataset" },
      approvers,
    });
    const reply = await call("contosso", "POST", `/analytics/datasets/${id}/publish`, details());
    expect([reply.status, reply.text]).toEqual([
      403,
      "Error publishing dataset: The caller is not an approver for this proposal.",
    ]);
    const document = (await governance("litware", "GET", `/userdocuments/${id}`)).body;
    expect(document).toMatchObject({ state: "Proposed", proposerId: oid("contosso") });
  });

  test("datasets and the queries that use them are listed", async () => {
    const [input, output] = [await published("contosso"), await published("litware")];
    const list = (await call("fabrikam", "GET", "/analytics/datasets")).body as { value: unknown[] };
    expect(list.value).toContainEqual({ id: input, labels: { type: "dataset" } });
    const id = `query-${newId()}`;
    await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, query(`${input}:a,${output}:b`, `${output}:c`));
    const item = { id, labels: { type: "spark-application" } };
    expect(((await call("fabrikam", "GET", "/analytics/queries")).body as { value: unknown[] }).value).toContainEqual(
      item,
    );
    expect((await call("fabrikam", "GET", `/analytics/datasets/${input}/queries`)).body).toEqual({ value: [item] });
    expect((await call("fabrikam", "GET", `/analytics/datasets/${output}/queries`)).body).toEqual({
      value: [item, item],
    });
  });

  test("fails to read what is not there (404), and a query as a dataset (500)", async () => {
    expect(refusal(await call("contosso", "GET", "/analytics/datasets/none"))).toEqual([404, "UserDocumentNotFound"]);
    const dataset = await published("contosso");
    const id = `query-${newId()}`;
    await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, query(`${dataset}:a`, `${dataset}:b`));
    expect(refusal(await call("contosso", "GET", `/analytics/datasets/${id}`))).toEqual([500, "JsonException"]);
  });

  test.each([
    ["a blank name", { name: " " }, "name", "Name must not be null, empty, or whitespace."],
    [
      "a blank container",
      store({ containerName: "" }),
      "store.containerName",
      "ContainerName must not be null, empty, or whitespace.",
    ],
    [
      "no identity for an Azure store",
      { identity: null },
      "Identity",
      "Identity is required when StorageAccountType is an Azure type.",
    ],
    ["no KEK for CSE", { kek: null }, "", "Dek & Kek details are required for encryption mode CSE and CPK."],
    [
      "CPK without maaUrl",
      { ...store({ encryptionMode: "CPK" }), kek: details().dek },
      "",
      "MaaUrl is required for Kek details for encryption mode CPK.",
    ],
    [
      "S3 without its secret",
      store({ storageAccountType: "Aws_S3" }),
      "store",
      "AWS CGS Secret is required for AWS S3 stores.",
    ],
    ["a null schema", { datasetSchema: null }, "datasetSchema", "The DatasetSchema field is required."],
    [
      "an unknown field type",
      { datasetSchema: { format: "csv", fields: [{ fieldName: "x", fieldType: "text" }] } },
      "$.datasetSchema.fields[0].fieldType",
      "The JSON value could not be converted to FrontendSvc.Models.DataFieldType. Path: $.datasetSchema.fields[0].fieldType | LineNumber: 0 | BytePositionInLine: 0.",
    ],
    [
      "no store",
      { store: undefined },
      "$",
      "JSON deserialization for type 'FrontendSvc.Models.CCF.DatasetDetails' was missing required properties including: 'store'.",
    ],
  ])("fails to publish with %s: 400, as a problem", async (_, change, key, message) => {
    const reply = await call("contosso", "POST", `/analytics/datasets/${newId()}/publish`, { ...details(), ...change });
    expect([reply.status, reply.headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
    expect(errorsOf(reply)[key]).toEqual([message]);
  });

  test("fails to publish from a store of no kind: a plain string, in quotes for who accepts JSON alone", async () => {
    const body = details({ ...store({ storageAccountType: "Cgs" }) });
    const path = `/analytics/datasets/${newId()}/publish`;
    const plain = await call("contosso", "POST", path, body);
    expect([plain.status, plain.headers["content-type"]]).toEqual([400, "text/plain; charset=utf-8"]);
    expect(plain.text).toBe("Error publishing dataset: Unsupported store type: Cgs");
    const quoted = await call("contosso", "POST", path, body, { accept: "application/json" });
    expect(quoted.text).toBe('"Error publishing dataset: Unsupported store type: Cgs"');
  });
});
