// Flow 1's parts: what they create in Azure, with which rights, and what they take as it is.
import { AzureDataset, BlobAccess, BlobStore, ReleaseKey, WorkloadIdentity } from "../../components";
import { answer, details, run, UNKNOWN, valueOf } from "../helpers/mocks";

const group = { resourceGroupName: "group", openToEveryNetwork: true };
/** What Azure Resource Manager has of the credentials that are asked for: names of equal ones. */
const mockAdopted: (string | undefined)[] = [];
jest.mock("../../components/provider", () => ({
  loadProvider: () => ({ sources: () => ({ federatedCredentials: () => Promise.resolve(mockAdopted.splice(0)) }) }),
}));
const ROLE = "azure-native:authorization:RoleAssignment";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
const ACCOUNT = "azure-native:storage:StorageAccount";
const CONTAINER = "azure-native:storage:BlobContainer";
const VAULT = "azure-native:keyvault:Vault";
const KEY = "azure-native:keyvault:Key";
const DATA_KEY = "pulumi-nodejs:dynamic/cleanroom:DataKey";
const DOCUMENT = "pulumi-nodejs:dynamic/cleanroom:DatasetDocument";

const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const dataset = { ...group, details, schema, allowedFields: ["region"] };
const file = { path: "stacks/contosso/sales.csv", sha256: "ab".repeat(32) };

describe("WorkloadIdentity", () => {
  test("trusts the clean room's issuer, subject and audience, and nobody else's", async () => {
    const program = await run(() => new WorkloadIdentity("sales", { ...group, details }));
    expect(program.children("cleanroom:azure:WorkloadIdentity sales")).toEqual([
      `${CREDENTIAL} sales-credential`,
      `${IDENTITY} sales-identity`,
    ]);
    expect(program.the(CREDENTIAL).inputs).toMatchObject({
      resourceGroupName: "group",
      resourceName: "sales-identity",
      issuer: "https://issuer.example/oidc",
      subject: "analytics-owner",
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  test("takes an identity that exists, and adds the credential to it", async () => {
    let identity: WorkloadIdentity | undefined;
    const program = await run(() => {
      identity = new WorkloadIdentity("sales", { ...group, details, existingIdentityName: "mine" });
    });
    expect(program.children("cleanroom:azure:WorkloadIdentity sales")).toEqual([`${CREDENTIAL} sales-credential`]);
    expect(program.the(CREDENTIAL).inputs.resourceName).toBe("mine");
    expect((await valueOf(identity!.principalId)).value).toBe("existing-principal");
  });

  test("takes a credential that trusts the clean room already as it is", async () => {
    mockAdopted.push("by-hand");
    let identity: WorkloadIdentity | undefined;
    const program = await run(() => {
      identity = new WorkloadIdentity("sales", { ...group, details, existingIdentityName: "theirs" });
    });
    expect(program.children("cleanroom:azure:WorkloadIdentity sales")).toEqual([]);
    expect((await valueOf(identity!.subject)).value).toBe("analytics-owner");
  });

  test("trusts further clean rooms, each by a credential that is written after the last", async () => {
    const other = { ...details, cleanroomIdentity: { ...details.cleanroomIdentity, subject: "other-owner" } };
    const program = await run(() => new WorkloadIdentity("sales", { ...group, details, alsoTrusts: { other } }));
    const { inputs, waitsFor } = program.the(CREDENTIAL, "other-credential");
    expect(inputs).toMatchObject({
      subject: "other-owner",
      federatedIdentityCredentialResourceName: "sales-other-cleanroom",
    });
    expect(waitsFor).toContain("sales-credential");
  });

  test("fails for more clean rooms than Azure takes credentials", async () => {
    const alsoTrusts = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`room${index}`, details]));
    const made = run(() => new WorkloadIdentity("sales", { ...group, details, alsoTrusts }));
    await expect(made).rejects.toThrow("21 clean rooms are to sign in as it, but Azure takes 20");
  });

  test("fails for a clean room whose name can't be part of a credential's", async () => {
    const made = run(() => new WorkloadIdentity("sales", { ...group, details, alsoTrusts: { "a b": details } }));
    await expect(made).rejects.toThrow("alsoTrusts has 'a b'");
  });
});

describe("BlobAccess", () => {
  const containerId = "/subscriptions/s/containers/sales";

  test.each([
    ["read", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"],
    ["write", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"],
  ] as const)("to %s gives the least role, on the one container", async (accessMode, role) => {
    const program = await run(() => new BlobAccess("sales", { containerId, principalId: "principal", accessMode }));
    expect(program.the(ROLE).inputs).toMatchObject({
      scope: containerId,
      principalId: "principal",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    });
  });

  test("has a name that a second run finds, and another for another scope, identity or role", async () => {
    const names: unknown[] = [];
    for (const change of [
      {},
      {},
      { containerId: `${containerId}2` },
      { principalId: "p2" },
      { accessMode: "write" as const },
    ]) {
      const program = await run(() => new BlobAccess("sales", { containerId, principalId: "principal", ...change }));
      names.push(program.the(ROLE).inputs.roleAssignmentName);
    }
    expect(names[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(4);
  });
});

describe("BlobStore", () => {
  test("is closed to everybody who has not signed in", async () => {
    const program = await run(() => new BlobStore("contosso-sales", group));
    expect(program.children("cleanroom:azure:BlobStore contosso-sales")).toEqual([
      `${CONTAINER} contosso-sales-container`,
      `azure-native:storage:BlobServiceProperties contosso-sales-blobs`,
      `${ACCOUNT} contossosales`,
    ]);
    expect(program.the(ACCOUNT).inputs).toMatchObject({
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(program.the(CONTAINER).inputs).toMatchObject({ publicAccess: "None", containerName: "contosso-sales" });
  });

  test("has names that Azure takes, however long its own is", async () => {
    const program = await run(() => new BlobStore(`Contosso_Sales.${"x".repeat(80)}`, group));
    expect(program.the(ACCOUNT).name).toMatch(/^[a-z0-9]{16}$/);
    expect(program.the(CONTAINER).inputs.containerName).toMatch(/^[a-z0-9-]{63}$/);
  });

  test("takes an account and a container that exist", async () => {
    let store: BlobStore | undefined;
    const program = await run(() => {
      store = new BlobStore("sales", { ...group, existingAccountName: "mine", existingContainerName: "data" });
    });
    expect(program.children("cleanroom:azure:BlobStore sales")).toEqual([]);
    expect((await valueOf(store!.url)).value).toBe("https://mine.blob.core.windows.net/");
    expect((await valueOf(store!.containerId)).value).toMatch(
      /storageAccounts\/mine\/blobServices\/default\/containers\/data$/,
    );
  });
});

describe("ReleaseKey", () => {
  const args = { ...group, details, principalId: "principal" };

  test("has a KEK that only the attested clean room gets, in a vault that keeps what is deleted", async () => {
    const program = await run(() => new ReleaseKey("sales", args));
    expect(program.the(VAULT).inputs.properties).toMatchObject({
      tenantId: "tenant",
      sku: { family: "A", name: "premium" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
    const { properties } = program.the(KEY).inputs as { properties: { releasePolicy: { data: string } } };
    expect(properties).toMatchObject({
      kty: "RSA-HSM",
      keySize: 3072,
      keyOps: ["encrypt", "wrapKey"],
      attributes: { enabled: true, exportable: true },
    });
    expect(JSON.parse(Buffer.from(properties.releasePolicy.data, "base64url").toString("utf8"))).toEqual(
      details.cleanroomPolicy.releasePolicy,
    );
  });

  test("gives the clean room's identity release of the one key and reading of the one secret", async () => {
    const program = await run(() => new ReleaseKey("sales", args));
    const vault = /^\/subscriptions\/.*\/sales/;
    expect(program.the(ROLE, "sales-release").inputs).toMatchObject({
      principalId: "principal",
      principalType: "ServicePrincipal",
      scope: expect.stringMatching(new RegExp(`${vault.source}/keys/sales-kek-3072$`)) as string,
      roleDefinitionId: expect.stringContaining("08bbd89e-9f13-488c-ac41-acfcb10c90ab") as string,
    });
    const unwrap = program.the(ROLE, "sales-unwrap");
    expect(unwrap.inputs).toMatchObject({
      principalId: "principal",
      scope: expect.stringMatching(new RegExp(`${vault.source}/secrets/wrapped-sales-dek-sales-kek-3072$`)) as string,
      roleDefinitionId: expect.stringContaining("4633458b-17de-408a-b874-0445c86b69e6") as string,
    });
    expect(unwrap.waitsFor).toContain("sales-dek");
  });

  test("makes the DEK once the deployer may, and has no bytes of it", async () => {
    const program = await run(() => new ReleaseKey("sales", args));
    const dek = program.the(DATA_KEY);
    expect(dek.inputs).toEqual({
      vaultUrl: "https://sales.vault.azure.net/",
      keyName: "sales-kek-3072",
      releasePolicy: details.cleanroomPolicy.releasePolicy,
      secretName: "sales-dek",
      wrappedSecretName: "wrapped-sales-dek-sales-kek-3072",
    });
    expect(dek.waitsFor).toEqual(expect.arrayContaining(["sales-deployer-keys", "sales-deployer-secrets"]));
    expect(program.the(ROLE, "sales-deployer-keys").inputs).toMatchObject({
      principalId: "deployer",
      roleDefinitionId: expect.stringContaining("14b46e9e-c2b7-41b4-b07b-48a6ebf60603") as string,
    });
    expect(program.the(ROLE, "sales-deployer-secrets").inputs).toMatchObject({
      roleDefinitionId: expect.stringContaining("b86a8fe4-44ce-4948-aee5-eccb2c155cd7") as string,
    });
  });

  test("leaves the deployer's rights alone when told so", async () => {
    const program = await run(() => new ReleaseKey("sales", { ...args, grantDeployer: false }));
    expect(
      program.all
        .filter(({ type }) => type === ROLE)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["sales-release", "sales-unwrap"]);
  });

  test("takes a vault and a key that exist", async () => {
    const program = await run(
      () => new ReleaseKey("sales", { ...args, existingVaultName: "mine", existingKeyName: "kek" }),
    );
    expect(program.all.filter(({ type }) => type === VAULT || type === KEY)).toEqual([]);
    expect(program.the(DATA_KEY).inputs).toMatchObject({
      vaultUrl: "https://mine.vault.azure.net/",
      keyName: "kek",
      wrappedSecretName: "wrapped-sales-dek-kek",
    });
  });

  test("has names that a vault takes, whatever its own is", async () => {
    const program = await run(() => new ReleaseKey("contosso_sales.2026", args));
    expect(program.the(VAULT).name).toMatch(/^[a-z][a-z0-9-]{0,14}$/i);
    const { keyName, secretName, wrappedSecretName } = program.the(DATA_KEY).inputs;
    for (const name of [keyName, secretName, wrappedSecretName]) {
      expect(name).toMatch(/^[A-Za-z0-9-]{1,127}$/);
    }
  });

  test.each([
    [
      "a standard vault",
      { sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
      "is of tier 'standard': a key that a clean room may have released needs a Premium vault.",
    ],
    [
      "a vault with access policies",
      { sku: { family: "A", name: "premium" }, enableRbacAuthorization: false },
      "works with access policies: the clean room's rights are given as roles.",
    ],
  ])("fails with %s", async (_what, properties, message) => {
    answer("azure-native:keyvault:getVault", () => ({ id: "/subscriptions/s/v", name: "mine", properties }));
    await expect(run(() => new ReleaseKey("sales", { ...args, existingVaultName: "mine" }))).rejects.toThrow(
      `Vault 'mine' ${message}`,
    );
  });
});

describe("AzureDataset", () => {
  test("has everything from the identity to the document", async () => {
    const program = await run(() => new AzureDataset("sales", { ...dataset, data: file }));
    expect(program.children("cleanroom:azure:AzureDataset sales")).toEqual(
      expect.arrayContaining([
        "cleanroom:azure:BlobAccess sales",
        "cleanroom:azure:BlobStore sales",
        "cleanroom:azure:ReleaseKey sales",
        "cleanroom:azure:WorkloadIdentity sales",
        "cleanroom:index:Upload sales",
        `${DOCUMENT} sales`,
        `${ROLE} sales-deployer-blobs`,
      ]),
    );
    const document = program.the(DOCUMENT);
    expect(document.inputs).toEqual({
      name: "sales",
      store: {
        containerName: "sales",
        storageAccountUrl: "https://sales.blob.core.windows.net/",
        storageAccountType: "Azure_BlobStorage",
        encryptionMode: "CPK",
      },
      identity: {
        name: "sales-identity",
        clientId: "sales-identity-client",
        tenantId: "tenant",
        issuerUrl: "https://issuer.example/oidc",
      },
      dek: { secretId: "wrapped-sales-dek-sales-kek-3072", keyVaultUrl: "https://sales.vault.azure.net/" },
      kek: {
        secretId: "sales-kek-3072",
        keyVaultUrl: "https://sales.vault.azure.net/",
        maaUrl: "https://attest.example",
      },
      datasetSchema: schema,
      datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] },
      federatedSubject: "analytics-owner",
    });
    // Nothing is published that could not be read: access, keys and data come first.
    expect(document.waitsFor).toEqual(
      expect.arrayContaining([
        "sales-role",
        "sales-release",
        "sales-unwrap",
        "sales-dek",
        "sales-credential",
        "sales-upload",
      ]),
    );
  });

  test("uploads with the deployer's own right, and names the key without having it", async () => {
    const program = await run(() => new AzureDataset("sales", { ...dataset, data: file, subdirectory: "2026" }));
    const { inputs } = program.the("command:local:Command");
    // The component is there only once the right is, and its child only once the component is.
    expect(program.the("cleanroom:index:Upload").waitsFor).toContain("sales-deployer-blobs");
    expect(JSON.parse((inputs.environment as { CLEANROOM_UPLOAD: string }).CLEANROOM_UPLOAD)).toEqual({
      objectName: "sales.csv",
      file: file.path,
      sha256: file.sha256,
      destination: {
        kind: "blob",
        url: "https://sales.blob.core.windows.net/",
        container: "sales",
        subdirectory: "2026",
      },
      encryptionMode: "CPK",
      key: { vaultUrl: "https://sales.vault.azure.net/", secretName: "sales-dek", fingerprint: "print" },
    });
    expect(inputs.triggers).toEqual(["sales.csv", file.sha256, expect.any(String), "CPK", "print"]);
    expect(inputs.stdin).toBeUndefined();
  });

  test("has no key where the store encrypts by itself, and no upload without a file", async () => {
    const program = await run(
      () => new AzureDataset("sales", { ...dataset, encryptionMode: "SSE", accessMode: "write" }),
    );
    expect(program.all.map(({ type }) => type)).not.toContain(VAULT);
    expect(program.all.map(({ type }) => type)).not.toContain("command:local:Command");
    expect(program.the(DOCUMENT).inputs.dek).toBeUndefined();
    expect(program.the(ROLE, "sales-role").inputs.roleDefinitionId).toContain("ba92f5b4-2d11-453d-a403-e96b0029c9fe");
  });

  test("takes a store, an identity and a key of another's making", async () => {
    const program = await run(() => {
      const identity = new WorkloadIdentity("shared", { ...group, details });
      new AzureDataset("sales", {
        ...dataset,
        identity,
        store: new BlobStore("shared", { ...group, existingAccountName: "mine", existingContainerName: "data" }),
        key: new ReleaseKey("shared", { ...group, details, principalId: identity.principalId }),
        datasetName: "contosso-sales",
        documentId: "contosso-sales-v1",
        onDelete: "leave",
      });
    });
    expect(program.children("cleanroom:azure:AzureDataset sales")).toEqual([
      "cleanroom:azure:BlobAccess sales",
      `${DOCUMENT} sales`,
    ]);
    expect(program.the(DOCUMENT).inputs).toMatchObject({
      name: "contosso-sales",
      chosenId: "contosso-sales-v1",
      onDelete: "leave",
      store: { containerName: "data" },
      identity: { name: "shared-identity" },
      dek: { secretId: "wrapped-shared-dek-shared-kek-3072" },
    });
  });

  test("is shown in preview, when nothing has an id yet", async () => {
    let documentId: AzureDataset["documentId"] | undefined;
    const program = await run(
      () => {
        ({ documentId } = new AzureDataset("sales", { ...dataset, data: file }));
      },
      { preview: true },
    );
    const { inputs } = program.the(DOCUMENT);
    expect(inputs).toMatchObject({ name: "sales", datasetSchema: schema, dek: UNKNOWN });
    expect(inputs.identity).toMatchObject({ clientId: UNKNOWN, issuerUrl: "https://issuer.example/oidc" });
    expect((await valueOf(documentId!)).known).toBe(false);
  });
});

describe("what is asked for beyond the least", () => {
  const asked = {
    ...dataset,
    allowedAddresses: ["203.0.113.10", "198.51.100.0/24"],
    keyExpires: "2028-06-30",
  };

  test("denies every network but the named ones, on account and vault", async () => {
    const program = await run(() => new AzureDataset("sales", asked));
    expect(program.the(ACCOUNT).inputs.networkRuleSet).toEqual({
      bypass: "None",
      defaultAction: "Deny",
      ipRules: asked.allowedAddresses.map((iPAddressOrRange) => ({ action: "Allow", iPAddressOrRange })),
    });
    expect(program.the(VAULT).inputs.properties).toMatchObject({
      networkAcls: {
        bypass: "None",
        defaultAction: "Deny",
        ipRules: asked.allowedAddresses.map((value) => ({ value })),
      },
    });
  });

  test("has a KEK with a last day, and another KEK for another day", async () => {
    const keyOf = async (keyExpires: string | undefined): Promise<unknown> => {
      const { keyName, properties } = (await run(() => new AzureDataset("sales", { ...dataset, keyExpires }))).the(
        KEY,
      ).inputs;
      return [keyName, (properties as { attributes: { expires?: number } }).attributes.expires];
    };
    expect(await keyOf("2028-06-30")).toEqual(["sales-kek-3072-20280630", Date.UTC(2028, 5, 30, 23, 59, 59) / 1000]);
    expect(await keyOf("2028-07-01")).toEqual(["sales-kek-3072-20280701", Date.UTC(2028, 6, 1, 23, 59, 59) / 1000]);
    expect(await keyOf(undefined)).toEqual(["sales-kek-3072", undefined]);
  });

  test("fails with a last day that is none", async () => {
    const failed = run(() => new AzureDataset("sales", { ...dataset, keyExpires: "next year" }));
    await expect(failed).rejects.toThrow("keyExpires is 'next year': write a day such as 2028-06-30.");
  });
});
