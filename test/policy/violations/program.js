"use strict";
// A program with one violation of every rule. What surrounds a violation complies, so that each rule speaks once.
const pulumi = require("@pulumi/pulumi");

/** A resource of any type; `outputs` are what the preview's provider answers besides the inputs. */
const resource = (type, name, inputs = {}, outputs = {}) =>
  new pulumi.CustomResource(type, name, { ...inputs, __outputs: outputs });
const cleanRoom = (kind, ...rest) => resource(`pulumi-nodejs:dynamic/cleanroom:${kind}`, ...rest);

const OURS = "c0a70550-0000-4000-8000-0000000000a1";
const THEIRS = "117aa4e0-0000-4000-8000-0000000000a2";
const ISSUER = "https://governance.example/app/oidc";
const SCOPE = "/subscriptions/c0a70550-0000-4000-8000-0000000000c1/resourceGroups/cleanroom";
const tags = { owner: "contosso" };
const location = "westeurope";

/** The name of a resource is the rule that it violates. */
const account = (name, { versions = true, ...inputs } = {}) => {
  const accountName = name.replaceAll("-", "").slice(0, 24);
  resource("azure-native:storage:StorageAccount", name, {
    accountName,
    location,
    tags,
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    networkRuleSet: { defaultAction: "Deny" },
    ...inputs,
  });
  if (versions) {
    resource("azure-native:storage:BlobServiceProperties", `${name}-blobs`, { accountName, isVersioningEnabled: true });
  }
  logged(name, `Microsoft.Storage/storageAccounts/${accountName}/blobServices/default`);
};
const vault = (name, properties = {}, { logs = true, ...inputs } = {}) => {
  const vaultName = name.slice(0, 24);
  resource("azure-native:keyvault:Vault", name, {
    vaultName,
    location,
    tags,
    ...inputs,
    properties: {
      sku: { family: "A", name: "premium" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      networkAcls: { defaultAction: "Deny", bypass: "None" },
      ...properties,
    },
  });
  if (logs) {
    logged(name, `Microsoft.KeyVault/vaults/${vaultName}`);
  }
};
const logged = (name, path) =>
  resource("azure-native:monitor:DiagnosticSetting", `${name}-logs`, {
    resourceUri: `${SCOPE}/providers/${path}`,
    logs: [{ categoryGroup: "audit", enabled: true }],
  });
const branch = (claims = {}, authority = "https://attest.example") => ({
  authority,
  allOf: Object.entries({
    "sevsnpvm-hostdata": "aa".repeat(32),
    "compliance-status": "azure-compliant-uvm",
    "attestation-type": "sevsnpvm",
    ...claims,
  })
    .filter(([, equals]) => equals !== undefined)
    .map(([claim, equals]) => ({ claim: `x-ms-${claim}`, equals })),
});
const key = (name, properties = {}, releasePolicy = undefined) =>
  resource("azure-native:keyvault:Key", name, {
    keyName: name,
    properties: {
      kty: "RSA-HSM",
      keySize: 3072,
      rotationPolicy: { attributes: { expiryTime: "P1Y" }, lifetimeActions: [{ action: { type: "rotate" } }] },
      ...(releasePolicy && {
        releasePolicy: { data: Buffer.from(JSON.stringify({ anyOf: [releasePolicy] })).toString("base64url") },
      }),
      ...properties,
    },
  });
const credential = (name, inputs = {}) =>
  resource("azure-native:managedidentity:FederatedIdentityCredential", name, {
    resourceName: name,
    issuer: ISSUER,
    subject: `analytics-${OURS}`,
    audiences: ["api://AzureADTokenExchange"],
    ...inputs,
  });
const role = (name, scope, id) =>
  resource("azure-native:authorization:RoleAssignment", name, {
    scope: `${SCOPE}${scope}`,
    principalId: "someone",
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  });
const policy = (Action, Resource, Condition = undefined) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource, Condition }] });
const dataset = (name, { store = {}, ...inputs } = {}, outputs = {}) =>
  cleanRoom(
    "DatasetDocument",
    name,
    {
      name,
      store: { containerName: name, storageAccountType: "Azure_BlobStorage", encryptionMode: "CSE", ...store },
      identity: { name, clientId: name, issuerUrl: ISSUER },
      datasetSchema: { format: "csv", fields: ["region", "email"].map((fieldName) => ({ fieldName })) },
      datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] },
      ...inputs,
    },
    { documentId: name, ownerId: OURS, ...outputs },
  );
const draft = (name, { segment = {}, reads = "elsewhere-1" } = {}, approvers = [OURS]) =>
  cleanRoom(
    "QueryDraft",
    name,
    {
      documentId: name,
      segments: [
        {
          sequence: 1,
          sql: "SELECT region, count(*) AS n FROM sales GROUP BY region",
          preConditions: { sales: 1000 },
          postFilters: { n: 25 },
          ...segment,
        },
      ],
      inputs: [{ documentId: reads, view: "sales" }],
      output: { documentId: "results-1", view: "results" },
    },
    { owners: { [reads]: OURS }, approvers },
  );

// Keys
key("export-only-under-release-policy", { attributes: { exportable: true } });
key("release-branches-are-complete", {}, branch({ "compliance-status": undefined }));
key("release-authority-is-named", {}, branch({}, "https://*"));
key("key-is-hsm-backed", { kty: "RSA" });
key("key-size", { keySize: 1024 });
key("key-expires-or-rotates", { rotationPolicy: undefined });
key("released-to-this-contract-only", {}, branch({ "sevsnpvm-hostdata": "bb".repeat(32) }));
cleanRoom("DataKey", "dek", { keyName: "released-to-this-contract-only", releasePolicy: { anyOf: [branch()] } });
vault("vault-purge-protection", { enablePurgeProtection: false });
vault("vault-uses-roles", { enableRbacAuthorization: false });

// Identities
credential("federated-subject", { subject: "analytics-*" });
credential("federated-audience", { audiences: ["api://AzureADTokenExchange", "api://other"] });
credential("federated-issuer", { issuer: "http://governance.example" });
credential("an-owner", { resourceName: "shared" });
credential("identity-serves-one-owner", { resourceName: "shared", subject: `analytics-${THEIRS}` });
role("role-scope-is-narrow", "", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
role("no-broad-roles", "/providers/Microsoft.KeyVault/vaults/v/keys/k", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
resource("azuread:index/applicationPassword:ApplicationPassword", "no-client-secrets", {
  applicationId: "/applications/1",
});
resource("aws:iam/policy:Policy", "iam-without-wildcards", {
  policy: policy("iam:Get*", "arn:aws:iam::1:user/reader"),
});
resource("aws:iam/userPolicy:UserPolicy", "iam-user-has-prefix", {
  policy: policy("s3:GetObject", "arn:aws:s3:::members/*"),
});

// Stores
resource("azure-native:storage:BlobContainer", "no-public-blob-access", { publicAccess: "Blob" });
resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "no-public-bucket", {
  bucket: "elsewhere",
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: false,
});
account("no-shared-key", { allowSharedKeyAccess: true });
account("storage-tls-only", { minimumTlsVersion: "TLS1_0" });
account("stores-keep-versions", { versions: false });
account("network-default-deny", { networkRuleSet: { defaultAction: "Allow" } });
vault("stores-are-logged", {}, { logs: false });
vault("location-allowed", {}, { location: "eastus" });
resource("azure-native:managedidentity:UserAssignedIdentity", "required-tags", { location });
const bucket = "bucket-tls-only";
resource("aws:s3/bucket:Bucket", "bucket-tls-only", { bucket, region: "eu-west-1", tags });
resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "closed", {
  bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
resource("aws:s3/bucketVersioning:BucketVersioning", "versions", {
  bucket,
  versioningConfiguration: { status: "Enabled" },
});
resource("aws:s3/bucketLogging:BucketLogging", "logging", { bucket, targetBucket: "elsewhere", targetPrefix: "log/" });
dataset("encryption-mode", { store: { encryptionMode: "SSE" } });

// Secrets
resource("azure-native:resources:ResourceGroup", "no-secrets-in-properties", {
  location,
  tags: { note: "https://sales.blob.core.windows.net/?sv=2024-11-04&sig=dGhpcyBpcyBub3QgYSByZWFsIHNpZ25hdHVyZQ%3D%3D" },
});
resource("command:local:Command", "no-secrets-in-commands", {
  create: "./upload",
  environment: { GITHUB_TOKEN: "none" },
});
cleanRoom("ContractSecret", "dek-stays-in-vault", { name: "key", value: Buffer.alloc(32, 7).toString("base64") });

// Documents
dataset("dataset-names-allowed-fields", { datasetAccessPolicy: { accessMode: "read", allowedFields: [] } });
dataset("no-personal-fields", { datasetAccessPolicy: { accessMode: "read", allowedFields: ["email"] } });
dataset("dataset-is-reachable", { store: { containerName: undefined } });
dataset("write-only-for-outputs", { datasetAccessPolicy: { accessMode: "write", allowedFields: ["region"] } });
draft("reads-an-output", { reads: "write-only-for-outputs" });

// Queries and approvals
cleanRoom("QueryApproval", "approval-pins-digest", { documentId: "query", digest: "latest" });
draft("approvers-are-owners", {}, []);
cleanRoom("DocumentConsent", "withdrawn", { documentId: "withdrawn-1", consent: "disabled" });
draft("no-approval-without-consent", { reads: "withdrawn-1" });
draft("query-drops-small-groups", { segment: { postFilters: { n: 2 } } });
draft("query-names-minimum-rows", { segment: { preConditions: { sales: 5 } } });
draft("query-sql-passes-checks", { segment: { sql: "SELECT reflect('java.lang.System', 'getenv') AS n FROM sales" } });

module.exports = { encryptionKey: "no-secrets-in-outputs" };
