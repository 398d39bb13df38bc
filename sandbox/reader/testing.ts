// For the reader's tests: the real governance, frontend and data planes, and clouds that a test writes down.
import { constants, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import type { TokenCredential } from "@azure/core-auth";
import type { DatasetDetails } from "../../contract";
import type { AccessKeyFacts, AccountFacts, BucketFacts, CloudHooks, IdentityFacts, VaultFacts } from "../clouds";
import { type CloudFacts, type DataPlanes, startDataPlanes } from "../dataplanes";
import type { Gate } from "../http";
import { startTestServices, type TestServices } from "../testing";
import { cleanRoomHostData, collaboration, collaborator, contractId } from "../world";
import { encryptBlocks } from "./encrypt";
import { createReader, type Reader } from ".";

const { tenantId, userOid, awsAccountId } = collaborator("contosso");
const scope = "/subscriptions/s/resourceGroups/g/providers";
const role = (id: string): string => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;

export const roles = {
  cryptoOfficer: role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603"),
  secretsOfficer: role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7"),
  secretsUser: role("4633458b-17de-408a-b874-0445c86b69e6"),
  releaseUser: role("08bbd89e-9f13-488c-ac41-acfcb10c90ab"),
  blobContributor: role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
  blobReader: role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"),
};
export const vault: VaultFacts = {
  name: "vault",
  id: `${scope}/Microsoft.KeyVault/vaults/vault`,
  owner: "contosso",
  tenantId,
  sku: "premium",
  rbac: true,
  purgeProtection: true,
  retentionDays: 7,
};
export const account: AccountFacts = {
  name: "account",
  id: `${scope}/Microsoft.Storage/storageAccounts/account`,
  owner: "contosso",
  tenantId,
};
const containerId = `${account.id}/blobServices/default/containers/sales`;
export const bucket: BucketFacts = { name: "bucket", owner: "contosso", account: awsAccountId, region: "eu-west-1" };
export const identityIds = {
  clientId: "11111111-0000-4000-8000-000000000001",
  principalId: "11111111-0000-4000-8000-000000000002",
};
const name = "identity";

interface Grant {
  scope: string;
  principalId: string;
  roleDefinitionId: string;
}

/** What is otherwise with a key than it is when everything was done right. */
interface KeyChange {
  readonly hostData?: string;
  readonly authority?: string;
  readonly attestationType?: string;
  /** @default true, under a release policy */
  readonly exportable?: boolean;
  readonly attributes?: { readonly enabled?: boolean; readonly notBefore?: Date; readonly expiresOn?: Date };
  /** Hash of OAEP, of the wrapped key. @default "sha256" */
  readonly hash?: string;
  /** The data encryption key that is wrapped. @default the bench's */
  readonly dek?: Buffer;
  /** Where the key encryption key is. @default the vault */
  readonly keys?: KeyClient;
}

/** A collaborator's clouds, as they are when everything was done right; a test takes away what it is about. */
export class Bench {
  hooks: Partial<CloudHooks> = {};
  grants: Grant[] = [];
  identity: IdentityFacts = { ...identityIds, tenantId, credentials: [] };
  accessKeys: Record<string, AccessKeyFacts> = {};
  /** Instead of what the vault, the account and the bucket are when everything was done right. */
  vault = vault;
  account = account;
  bucket = bucket;
  readonly dek = randomBytes(32);
  vaultUrl = "";
  accountUrl = "";

  private constructor(
    readonly services: TestServices,
    private readonly token: string,
  ) {}

  dataPlanes!: DataPlanes;
  reader!: Reader;

  /** @param gate stands before every request of every data plane */
  static async start(gate?: Gate): Promise<Bench> {
    const services = await startTestServices();
    const bench = new Bench(services, await services.token("contosso"));
    bench.dataPlanes = await startDataPlanes(services.context, { state: bench.state }, gate);
    bench.reader = createReader(services.context, bench.dataPlanes);
    bench.vaultUrl = (await bench.hooks.vaultCreated?.(vault))?.vaultUri ?? "";
    bench.accountUrl = (await bench.hooks.accountCreated?.(account))?.blob ?? "";
    return bench;
  }

  async end(): Promise<void> {
    await this.reader.close();
    await this.dataPlanes.close();
    await this.services.end();
  }

  /** Roles and federation of a collaborator who did everything right. */
  reset(): void {
    const principalId = identityIds.principalId;
    this.grants = [
      { scope: vault.id, principalId: userOid, roleDefinitionId: roles.cryptoOfficer },
      { scope: vault.id, principalId: userOid, roleDefinitionId: roles.secretsOfficer },
      { scope: containerId, principalId: userOid, roleDefinitionId: roles.blobContributor },
      { scope: vault.id, principalId, roleDefinitionId: roles.releaseUser },
      { scope: vault.id, principalId, roleDefinitionId: roles.secretsUser },
      { scope: containerId, principalId, roleDefinitionId: roles.blobReader },
    ];
    const subject = `${contractId}-${userOid}`;
    const audiences = ["api://AzureADTokenExchange"];
    this.identity = { ...identityIds, tenantId, credentials: [{ issuer: this.issuer, subject, audiences }] };
    this.accessKeys = {};
    [this.vault, this.account, this.bucket] = [vault, account, bucket];
  }

  get issuer(): string {
    return this.services.governance.tenantIssuer(tenantId);
  }

  /** Takes a role from the clean room's identity. */
  revoke(roleDefinitionId: string): void {
    const { principalId } = identityIds;
    this.grants = this.grants.filter(
      (each) => each.principalId !== principalId || each.roleDefinitionId !== roleDefinitionId,
    );
  }

  /** Gives the clean room's identity a role on the container. */
  grant(roleDefinitionId: string): void {
    this.grants = [...this.grants, { scope: containerId, principalId: identityIds.principalId, roleDefinitionId }];
  }

  /** Makes a key encryption key, and stores the data key wrapped with it as the secret `wrapped-<kek>`. */
  async makeKeys(kek: string, change: KeyChange = {}): Promise<void> {
    const { hostData = cleanRoomHostData, authority = this.dataPlanes.attestationUrl, exportable = true } = change;
    const claims = {
      "x-ms-sevsnpvm-hostdata": hostData,
      "x-ms-compliance-status": "azure-compliant-uvm",
      "x-ms-attestation-type": change.attestationType ?? "sevsnpvm",
    };
    const allOf = Object.entries(claims).map(([claim, equals]) => ({ claim, equals }));
    const policy = { version: "1.0.0", anyOf: [{ authority, allOf }] };
    const releasePolicy = {
      encodedPolicy: Buffer.from(JSON.stringify(policy)),
      contentType: "application/json; charset=utf-8",
    };
    const key = await (change.keys ?? this.keys).createRsaKey(kek, {
      hsm: true,
      exportable,
      keyOps: ["encrypt", "wrapKey"],
      releasePolicy: exportable ? releasePolicy : undefined,
      ...change.attributes,
    });
    const [n, e] = [key.key?.n, key.key?.e].map((bytes) => Buffer.from(bytes ?? []).toString("base64url"));
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: change.hash ?? "sha256" };
    const publicKey = createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
    const wrapped = publicEncrypt({ key: publicKey, ...padding }, change.dek ?? this.dek);
    await this.secrets.setSecret(`wrapped-${kek}`, wrapped.toString("base64"));
  }

  /** The vault's keys, as the owner reaches them. */
  get keys(): KeyClient {
    return new KeyClient(this.vaultUrl, this.credential, { disableChallengeResourceVerification: true });
  }

  /** The vault's secrets, as the owner reaches them. */
  get secrets(): SecretClient {
    return new SecretClient(this.vaultUrl, this.credential, { disableChallengeResourceVerification: true });
  }

  /** Client-side encrypted when `key` is given. */
  async upload(blob: string, text: string, key?: Buffer, metadata?: Record<string, string>): Promise<void> {
    const content = key === undefined ? Buffer.from(text) : encryptBlocks(Buffer.from(text), key);
    await this.container.getBlockBlobClient(blob).upload(content, content.length, { metadata });
  }

  get container() {
    return new BlobServiceClient(this.accountUrl, this.credential).getContainerClient("sales");
  }

  /** Publishes through the frontend, as Contosso. */
  async publish(id: string, change: Partial<DatasetDetails> = {}): Promise<void> {
    const path = `/collaborations/${collaboration.id}/analytics/datasets/${id}/publish?api-version=2026-03-01-preview`;
    const { status, text } = await this.services.call("POST", `${this.services.frontendUrl}${path}`, {
      token: this.token,
      body: { ...this.details(id), ...change },
    });
    if (status !== 204) throw new Error(`publishing ${id}: ${status} ${text}`);
  }

  details(id: string, kek = "kek"): DatasetDetails {
    return {
      name: id,
      store: {
        containerName: "sales",
        storageAccountUrl: this.accountUrl,
        storageAccountType: "Azure_BlobStorage",
        encryptionMode: "CSE",
        subdirectory: id,
      },
      datasetSchema: {
        format: "csv",
        fields: [
          { fieldName: "region", fieldType: "string" },
          { fieldName: "amount", fieldType: "number" },
          { fieldName: "customer", fieldType: "string" },
        ],
      },
      datasetAccessPolicy: { accessMode: "read", allowedFields: ["region", "amount"] },
      identity: { clientId: identityIds.clientId, tenantId, issuerUrl: this.issuer, name },
      dek: { secretId: `wrapped-${kek}`, keyVaultUrl: this.vaultUrl },
      kek: { secretId: kek, keyVaultUrl: this.vaultUrl, maaUrl: this.dataPlanes.attestationUrl },
    };
  }

  /** As Contosso's user, to governance. */
  async governance(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await this.services.call(method, `${this.services.governance.url}${path}`, {
      token: this.token,
      body,
    });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }

  private get credential(): TokenCredential {
    return {
      getToken: async (scopes) => {
        const audience = String([scopes].flat()[0]).replace(/\/\.default$/, "");
        const token = await this.services.signIn.issue({ tenantId, oid: userOid, audience });
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
  }

  private readonly state: CloudFacts = {
    vault: (wanted) => (wanted === vault.name ? this.vault : undefined),
    vaults: () => [vault],
    storageAccount: (wanted) => (wanted === account.name ? this.account : undefined),
    container: (_, wanted) =>
      wanted === "sales" ? { account: account.name, name: wanted, id: containerId } : undefined,
    roleAssignments: () => this.grants,
    bucket: (wanted) => (wanted === this.bucket.name ? this.bucket : undefined),
    iamByAccessKey: (id) => this.accessKeys[id],
    identityByClientId: (id) => (id === this.identity.clientId ? this.identity : undefined),
    register: (hooks) => {
      this.hooks = hooks;
    },
  };
}
