// The workload frontend, route by route, as the real service answers.
import type { DatasetDetails } from "../../contract";
import { type Person, type Reply, startTestServices, type TestServices } from "../testing";
import { cleanRoomHostData, collaboration, collaborator, contractId } from "../world";

let services: TestServices;
const tokens = {} as Record<Person, string>;
let count = 0;

beforeAll(async () => {
  services = await startTestServices();
  for (const name of ["contosso", "litware", "fabrikam"] as const) tokens[name] = await services.token(name);
});
afterAll(() => services.end());

const VERSION = "api-version=2026-03-01-preview";
const oid = (name: Person): string => collaborator(name).userOid;
const newId = (): string => `dataset-${(count += 1)}`;
const url = (path: string): string =>
  `${services.frontendUrl}/collaborations/${collaboration.id}${path}${path.includes("?") ? "&" : "?"}${VERSION}`;
const call = (
  who: Person,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Reply> => services.call(method, url(path), { token: tokens[who], body, headers });
const governance = (who: Person, method: string, path: string, body?: unknown): Promise<Reply> =>
  services.call(method, `${services.governance.url}${path}`, { token: tokens[who], body });
const refusal = ({ status, body }: Reply): [number, string] => [
  status,
  (body as { error: { code: string } }).error.code,
];
const errorsOf = ({ body }: Reply): Record<string, string[]> => (body as { errors: Record<string, string[]> }).errors;

function details(change: Partial<DatasetDetails> = {}): DatasetDetails {
  return {
    name: "given name",
    store: {
      containerName: "sales",
      storageAccountUrl: "https://contosso.blob.core.windows.net/",
      storageAccountType: "Azure_BlobStorage",
      encryptionMode: "CSE",
    },
    datasetSchema: { format: "csv", fields: [{ fieldName: "amount", fieldType: "number" }] },
    datasetAccessPolicy: { accessMode: "read", allowedFields: ["amount"] },
    identity: { clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer", name: "identity" },
    dek: { secretId: "wrapped-dek", keyVaultUrl: "https://v.vault.azure.net" },
    kek: { secretId: "kek", keyVaultUrl: "https://v.vault.azure.net", maaUrl: "https://maa" },
    ...change,
  };
}
const store = (change: Record<string, unknown>): Partial<DatasetDetails> => ({
  store: { ...details().store, ...change },
});

async function published(who: Person, change: Partial<DatasetDetails> = {}): Promise<string> {
  const id = newId();
  const reply = await call(who, "POST", `/analytics/datasets/${id}/publish`, details(change));
  expect([reply.status, reply.text]).toEqual([204, ""]);
  return id;
}
const query = (inputs: string, output: string, change: Record<string, unknown> = {}): unknown => ({
  queryData: [
    { executionSequence: 1, data: "select 'é' < 2", preConditions: "sales:10, members:5", postFilters: "n:3" },
  ],
  inputDatasets: inputs,
  outputDataset: output,
  ...change,
});

describe("every route", () => {
  test.each([
    ["without api-version", "", "ApiVersionRequired"],
    ["with another api-version", "?api-version=2020-01-01", "UnsupportedApiVersion"],
  ])("fails %s: 400", async (_, search, code) => {
    const reply = await services.call("GET", `${services.frontendUrl}/collaborations${search}`, {
      token: tokens.contosso,
    });
    expect(refusal(reply)).toEqual([400, code]);
  });

  test.each([
    ["without Authorization", {}, "MissingAuthorizationHeader"],
    ["with another scheme", { authorization: "Basic eA==" }, "InvalidAuthorizationHeader"],
    ["with a scheme alone", { authorization: "Bearer " }, "InvalidAuthorizationHeader"],
    ["with what is no token", { authorization: "Bearer hello" }, "InvalidToken"],
  ])("fails %s: 400", async (_, headers, code) => {
    expect(
      refusal(await services.call("GET", url("/analytics"), { headers: headers as Record<string, string> })),
    ).toEqual([400, code]);
  });

  test("fails with a token that names no user: 400 InvalidToken", async () => {
    const { tenantId } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: oid("contosso"),
      audience: "https://management.azure.com",
    });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([400, "InvalidToken"]);
  });

  test("fails with an expired token: 401", async () => {
    const { tenantId, upn } = collaborator("contosso");
    const token = await services.signIn.issue({
      tenantId,
      oid: oid("contosso"),
      upn,
      audience: "https://management.azure.com",
      seconds: -5,
    });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([
      401,
      "InvalidAuthenticationInfo",
    ]);
  });

  test("fails for an unknown collaboration, and for somebody who is no member: 404", async () => {
    const other = `${services.frontendUrl}/collaborations/none/analytics?${VERSION}`;
    expect(refusal(await services.call("GET", other, { token: tokens.contosso }))).toEqual([
      404,
      "CollaborationNotFound",
    ]);
    const token = await services.token("contosso", { upn: "stranger@contosso.example" });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([404, "CollaborationNotFound"]);
  });

  test("fails for a member whom governance does not know: 403, passed through", async () => {
    const token = await services.token("contosso", { userOid: "nobody" });
    expect(refusal(await services.call("GET", url("/analytics"), { token }))).toEqual([403, "CallerNotAuthorized"]);
  });

  test("the body is checked before api-version and token", async () => {
    const target = `${services.frontendUrl}/collaborations/x/analytics/datasets/y/publish`;
    const reply = await services.call("POST", target, { body: {} });
    expect([reply.status, reply.headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
  });
});

describe("the collaboration", () => {
  const answer = { collaborationId: collaboration.id, collaborationName: collaboration.name, userStatus: "Active" };

  test("is listed in a wrapper, and answered alone", async () => {
    const list = await services.call("GET", `${services.frontendUrl}/collaborations?activeOnly=true&${VERSION}`, {
      token: tokens.contosso,
    });
    expect(list.body).toEqual({ collaborations: [answer] });
    expect((await call("contosso", "GET", "")).body).toEqual(answer);
  });

  test("names its collaborators and their owner", async () => {
    const { body } = await call("fabrikam", "GET", "/collaborators");
    const { collaborators } = body as { collaborators: { userIdentifier: string; isOwner: boolean }[] };
    expect(collaborators).toContainEqual({ userIdentifier: collaborator("litware").upn, isOwner: true });
    expect(collaborators).toContainEqual({ userIdentifier: collaborator("contosso").upn, isOwner: false });
  });

  test("fails to list with a token that is refused: 400 MembershipManagerRequestFailed", async () => {
    const token = `${tokens.contosso.slice(0, -8)}AAAAAAAA`;
    const reply = await services.call("GET", `${services.frontendUrl}/collaborations?${VERSION}`, { token });
    expect(refusal(reply)).toEqual([400, "MembershipManagerRequestFailed"]);
  });

  test("fails with a flag that is neither true nor false: 400", async () => {
    expect(errorsOf(await call("contosso", "GET", "?activeOnly=maybe"))).toEqual({
      activeOnly: ["The value 'maybe' is not valid."],
    });
  });

  test("an invitation goes from Open over Accepted to Finalized, and its user is then known to governance", async () => {
    const { tenantId } = collaborator("contosso");
    const upn = "new@contosso.example";
    await services.governance.change({ kind: "member", identifier: upn, status: "Invited", isOwner: false });
    await services.governance.change({ kind: "invitation", id: "invite-new", claims: { preferred_username: [upn] } });
    const token = await services.token("contosso", { userOid: "new-user", upn, tenantId });
    const as = (method: string, path: string): Promise<Reply> => services.call(method, url(path), { token });
    const pending = { invitationId: "invite-new", accountType: "microsoft", status: "Open" };
    expect((await as("GET", "/invitations?pendingOnly=true")).body).toEqual({ invitations: [pending] });
    expect((await as("POST", "/invitations/invite-new/accept")).status).toBe(204);
    expect((await as("GET", "/invitations/invite-new")).body).toMatchObject({
      status: "Finalized",
      userInfo: { userId: "new-user" },
    });
    expect((await as("GET", "/invitations?pendingOnly=true")).body).toEqual({ invitations: [] });
    expect((await as("GET", "")).body).toMatchObject({ userStatus: "Active" });
    expect((await as("GET", "/analytics")).status).toBe(200);
    expect((await as("POST", "/invitations/none/accept")).body).toEqual({
      error: "InvitationNotFound",
      message: "Invitation none not found",
    });
  });

  test("the contract and the report lead to governance", async () => {
    const { body } = await call("contosso", "GET", "/analytics");
    expect(body).toMatchObject({ id: contractId, state: "Accepted", data: expect.any(String) as string });
    expect((await call("contosso", "GET", "/report")).body).toMatchObject({
      cgs: { cgsEndpoint: services.governance.url, report: { platform: "virtual", report: null } },
      consortiumManager: { report: { platform: "virtual" } },
    });
  });

  test("fails to run a query: no analytics agent is deployed", async () => {
    expect(refusal(await call("contosso", "POST", "/analytics/queries/x/run", { runId: "1" }))).toEqual([
      400,
      "DeploymentEndpointNotFound",
    ]);
    expect(refusal(await call("contosso", "GET", "/analytics/queries/x/runs"))).toEqual([
      400,
      "DeploymentEndpointNotFound",
    ]);
  });
});

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

describe("queries", () => {
  test("publishing proposes, with each dataset's owner as approver once, and is answered as it was given", async () => {
    const [input, output] = [await published("contosso"), await published("litware")];
    const id = `query-${newId()}`;
    const given = query(`${input}:sales,${output}:members`, `${output}:results`);
    expect((await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, given)).status).toBe(204);
    const { body } = await call("fabrikam", "GET", `/analytics/queries/${id}`);
    expect(body).toMatchObject({
      id,
      state: "Proposed",
      proposerId: oid("fabrikam"),
      proposalId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      approvers: [
        { approverId: oid("contosso"), approverIdType: "user" },
        { approverId: oid("litware"), approverIdType: "user" },
      ],
      data: query(`${input}:sales,${output}:members`, `${output}:results`, {
        queryData: [
          { executionSequence: 1, data: "select 'é' < 2", preConditions: "sales:10,members:5", postFilters: "n:3" },
        ],
      }),
    });
    expect((await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, given)).status).toBe(204);
  });

  test("a vote of exactly accept accepts; anything else rejects, Accept too", async () => {
    const dataset = await published("contosso");
    const proposal = async (): Promise<[string, string]> => {
      const id = `query-${newId()}`;
      await call("fabrikam", "POST", `/analytics/queries/${id}/publish`, query(`${dataset}:a`, `${dataset}:b`));
      const { proposalId } = (await call("fabrikam", "GET", `/analytics/queries/${id}`)).body as { proposalId: string };
      return [id, proposalId];
    };
    const [one, first] = await proposal();
    expect(
      (await call("contosso", "POST", `/analytics/queries/${one}/vote`, { proposalId: first, voteAction: "accept" }))
        .status,
    ).toBe(204);
    expect((await call("contosso", "GET", `/analytics/queries/${one}`)).body).toMatchObject({ state: "Accepted" });
    const [two, second] = await proposal();
    expect(
      (await call("contosso", "POST", `/analytics/queries/${two}/vote`, { proposalId: second, voteAction: "Accept" }))
        .status,
    ).toBe(204);
    expect((await governance("contosso", "GET", `/users/proposals/${second}/status`)).body).toMatchObject({
      state: "Rejected",
    });
    expect((await call("contosso", "GET", `/analytics/queries/${two}`)).body).toMatchObject({
      state: "Draft",
      proposalId: "",
    });
  });

  test("a query over a dataset that is still a draft gets the approver that nobody is", async () => {
    const id = newId();
    await governance("litware", "PUT", `/userdocuments/${id}`, { contractId, data: "{}", labels: {}, approvers: [] });
    const queryId = `query-${newId()}`;
    await call("fabrikam", "POST", `/analytics/queries/${queryId}/publish`, query(`${id}:a`, `${id}:b`));
    const { approvers } = (await call("fabrikam", "GET", `/analytics/queries/${queryId}`)).body as {
      approvers: unknown;
    };
    expect(approvers).toEqual([{ approverId: "", approverIdType: "user" }]);
  });

  test.each([
    [
      "a dataset that does not exist",
      query("none:a", "none:b"),
      404,
      "A document with the specified id was not found.",
    ],
    [
      "a dataset without a view",
      query("none", "none:b"),
      400,
      "Query dataset is expected to be a ':' separated string of the format <DatasetDocumentId>:<View>.",
    ],
    [
      "a precondition without a number",
      query("a:a", "a:b", { queryData: [{ executionSequence: 1, data: "x", preConditions: "a:-1" }] }),
      400,
      "MinRowCount in PreCondition must be a valid integer.",
    ],
    [
      "a filter without a value",
      query("a:a", "a:b", { queryData: [{ executionSequence: 1, data: "x", postFilters: "a" }] }),
      400,
      "PostFilter is expected to be a ':' separated string of the format <ColumnName>:<Value>.",
    ],
  ])("fails to publish with %s, as a plain string", async (_, body, status, message) => {
    const reply = await call("fabrikam", "POST", `/analytics/queries/query-${newId()}/publish`, body);
    expect([reply.status, reply.text]).toEqual([status, `Error publishing query: ${message}`]);
  });

  test.each([
    ["a fractional sequence", { executionSequence: 1.5, data: "x" }, "$.queryData[0].executionSequence"],
    ["blank SQL", { executionSequence: 1, data: " " }, "queryData[0].data"],
    ["null filters", { executionSequence: 1, data: "x", postFilters: null }, "queryData[0].postFilters"],
  ])("fails to publish with %s: 400, as a problem", async (_, segment, key) => {
    const reply = await call(
      "fabrikam",
      "POST",
      "/analytics/queries/x/publish",
      query("a:a", "a:b", { queryData: [segment] }),
    );
    expect([reply.status, Object.keys(errorsOf(reply))]).toEqual([400, expect.arrayContaining([key])]);
  });
});

describe("consent, secrets, issuer and policy", () => {
  test("consent of an accepted document is switched by its approver", async () => {
    const id = await published("contosso");
    expect((await call("litware", "GET", `/consent/${id}`)).body).toEqual({ status: "enabled" });
    expect((await call("contosso", "PUT", `/consent/${id}`, { consentAction: "disable" })).status).toBe(204);
    expect((await call("litware", "GET", `/consent/${id}`)).body).toMatchObject({ status: "disabled" });
  });

  test("fails with another consent action (500), and for one who is no approver (403)", async () => {
    const id = await published("contosso");
    expect(refusal(await call("contosso", "PUT", `/consent/${id}`, { consentAction: "Disable" }))).toEqual([
      500,
      "ArgumentException",
    ]);
    expect(refusal(await call("litware", "PUT", `/consent/${id}`, { consentAction: "disable" }))).toEqual([
      403,
      "NotUserDocumentApprover",
    ]);
    expect(errorsOf(await call("contosso", "PUT", `/consent/${id}`, {}))).toEqual({
      consentAction: ["The ConsentAction field is required."],
    });
  });

  test("a secret is taken as secretConfig, and stored as it came", async () => {
    const secretConfig = Buffer.from('{"awsAccessKeyId":"x"}').toString("base64");
    const reply = await call("litware", "PUT", "/analytics/secrets/connection", {
      secretConfig,
      secretValue: secretConfig,
    });
    const secretId = `${oid("litware")}_connection`;
    expect([reply.status, reply.body]).toEqual([200, { secretId }]);
    expect(services.governance.readSecretAsCleanRoom(secretId, cleanRoomHostData)).toBe(secretConfig);
  });

  test("fails with secretValue alone: 400, as a problem", async () => {
    const reply = await call("litware", "PUT", "/analytics/secrets/connection", { secretValue: "x" });
    expect(errorsOf(reply).$?.[0]).toContain("missing required properties including: 'secretConfig'");
  });

  test("the issuer's answers have nulls for what is not set, and its refusals are plain strings", async () => {
    const issuerUrl = `${services.governance.url}/app/oidc`;
    expect((await call("fabrikam", "GET", "/oidc/issuerInfo")).body).toEqual({
      enabled: true,
      issuerUrl,
      tenantData: null,
    });
    const set = await call("fabrikam", "POST", "/oidc/setIssuerUrl", { url: "https://fabrikam.example" });
    expect(set.body).toEqual({ url: "https://fabrikam.example", message: "Successfully set OIDC issuer URL." });
    expect((await call("fabrikam", "GET", "/oidc/issuerInfo")).body).toMatchObject({
      tenantData: { issuerUrl: "https://fabrikam.example" },
    });
    const refused = await call("fabrikam", "POST", "/oidc/setIssuerUrl", { url: "nowhere" });
    expect([refused.status, refused.text]).toEqual([
      400,
      "Error setting OIDC issuer URL: Url should have http or https as its scheme but scheme is undefined.",
    ]);
    const keys = (await call("fabrikam", "GET", "/oidc/keys")).body as { keys: unknown[] };
    expect(keys.keys).toEqual([expect.objectContaining({ kty: "RSA", alg: "RS256", x5c: null })]);
    const without = await services.call("GET", url("/oidc/issuerInfo"));
    expect([without.status, without.text]).toEqual([
      400,
      "Error getting OIDC issuer info: The Authorization header is missing.",
    ]);
  });

  test("the release policy has the first host data, and the authority of the dataset's KEK or none", async () => {
    const id = await published("contosso");
    const allOf = [
      { claim: "x-ms-sevsnpvm-hostdata", equals: cleanRoomHostData },
      { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
      { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
    ];
    const policy = async (dataset: string): Promise<unknown> =>
      (await call("contosso", "GET", `/analytics/datasets/${dataset}/skrpolicy`)).body;
    expect(await policy(id)).toEqual({ anyOf: [{ allOf, authority: "https://maa" }], version: "1.0.0" });
    expect(await policy("none")).toEqual({ anyOf: [{ allOf, authority: "" }], version: "1.0.0" });
  });

  test("fails to make a release policy while the contract has no clean room policy: 500", async () => {
    await services.governance.change({ kind: "policy", contractId, hostData: [] });
    const reply = await call("contosso", "GET", "/analytics/datasets/x/skrpolicy");
    await services.governance.change({ kind: "policy", contractId, hostData: [cleanRoomHostData] });
    expect(refusal(reply)).toEqual([500, "InvalidOperationException"]);
  });

  test("audit events come with their source and message, without a first 202", async () => {
    const data = { source: "clean room", message: "started" };
    await services.governance.change({
      kind: "event",
      contractId,
      scope: "",
      id: contractId,
      timestamp: "1700000000000",
      data,
    });
    expect((await call("contosso", "GET", "/analytics/auditevents")).body).toEqual({
      value: [
        { scope: "", id: contractId, timestamp: "1700000000000", timestampIso: "2023-11-14T22:13:20.000Z", data },
      ],
      nextLink: null,
    });
    expect(refusal(await call("contosso", "GET", "/analytics/auditevents?from_seqno=99999"))).toEqual([
      500,
      "InternalError",
    ]);
  });
});
