// The key vault, by its real clients: keys, secrets, roles and key release.
import { constants, createDecipheriv, createPrivateKey, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { CryptographyClient, type JsonWebKey, KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import { decodeJwt } from "jose";
import type { RoleAssignmentFacts, VaultFacts } from "../../clouds";
import { collaborator } from "../../world";
import { type AttestationService, startAttestation } from "../attestation";
import { testContext, type TestContext } from "../testing";
import { createTrust, type Trust } from "../trust";
import { startVaults, type Vaults, type VaultWorld } from ".";

const { tenantId, userOid } = collaborator("contosso");
const hostData = "ab".repeat(32);
const cleanRoom = "00000000-0000-4000-8000-00000000c1ea";
const definition = (id: string): string => `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const cryptoOfficer = definition("14b46e9e-c2b7-41b4-b07b-48a6ebf60603");
const secretsOfficer = definition("b86a8fe4-44ce-4948-aee5-eccb2c155cd7");
const releaseUser = definition("08bbd89e-9f13-488c-ac41-acfcb10c90ab");

const premium: VaultFacts = {
  name: "contosso-kv",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contosso-kv",
  owner: "contosso",
  tenantId,
  sku: "premium",
  rbac: true,
  purgeProtection: false,
  retentionDays: 7,
};
const standard: VaultFacts = {
  ...premium,
  name: "plain-kv",
  id: premium.id.replace("contosso", "plain"),
  sku: "standard",
};
const options = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };

const world: VaultWorld = {
  vault: (name) => world.vaults().find((each) => each.name === name),
  vaults: () => [premium, standard],
  roleAssignments: () => grants,
};

let ctx: TestContext;
let trust: Trust;
let vaults: Vaults;
let attestation: AttestationService;
let grants: RoleAssignmentFacts[];
let url: string;
beforeAll(async () => {
  ctx = await testContext();
  trust = createTrust(ctx.tls.ca, ctx.clock);
  attestation = await startAttestation(ctx);
  vaults = await startVaults(ctx, world, trust);
  url = (await vaults.hooks.vaultCreated(premium)).vaultUri;
});
beforeEach(() => {
  grants = [cryptoOfficer, secretsOfficer].map((roleDefinitionId) => ({
    scope: "/subscriptions/s",
    principalId: userOid,
    roleDefinitionId,
  }));
});
afterAll(async () => {
  await vaults.stop();
  await attestation.close();
  await trust.close();
  await ctx.close();
});

const keyClient = (oid = userOid): KeyClient => new KeyClient(url, ctx.credential(oid), options);
const secretClient = (oid = userOid): SecretClient => new SecretClient(url, ctx.credential(oid), options);
const releasePolicy = (claims: Record<string, string> = {}, authority = attestation.url) => ({
  contentType: "application/json; charset=utf-8",
  encodedPolicy: Buffer.from(
    JSON.stringify({
      version: "1.0.0",
      anyOf: [
        {
          authority,
          allOf: Object.entries({ "x-ms-sevsnpvm-hostdata": hostData, ...claims }).map(([claim, equals]) => ({
            claim,
            equals,
          })),
        },
      ],
    }),
  ),
});
const createKek = (name: string, policy = releasePolicy()) =>
  keyClient().createRsaKey(name, {
    hsm: true,
    exportable: true,
    releasePolicy: policy,
    keyOps: ["encrypt", "wrapKey"],
  });
const evidence = () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { jwk: { ...publicKey.export({ format: "jwk" }), kid: "ephemeral" }, privateKey };
};

describe("keys", () => {
  test("a key that was created is read back, with its public part alone", async () => {
    const made = await keyClient().createRsaKey("plain", { keySize: 3072, tags: { team: "data" } });
    const read = await keyClient().getKey("plain");
    expect(read.properties.version).toBe(made.properties.version);
    expect(read.id).toBe(`${url}keys/plain/${made.properties.version}`);
    expect(read.properties.tags).toEqual({ team: "data" });
    expect(read.key?.n?.length).toBe(384);
    expect(read.key?.d).toBeUndefined();
  });

  test("a second creation makes a new version, and both are listed", async () => {
    const first = await keyClient().createRsaKey("twice");
    const second = await keyClient().createRsaKey("twice");
    const versions: (string | undefined)[] = [];
    for await (const each of keyClient().listPropertiesOfKeyVersions("twice")) versions.push(each.version);
    expect(versions).toEqual([first.properties.version, second.properties.version]);
    expect((await keyClient().getKey("twice")).properties.version).toBe(second.properties.version);
  });

  test("what is wrapped by the client is unwrapped by the vault", async () => {
    const key = await keyClient().createRsaKey("wrapper");
    const crypto = new CryptographyClient(key, ctx.credential(userOid), options);
    const dek = Buffer.alloc(32, 7);
    const { result } = await crypto.wrapKey("RSA-OAEP-256", dek);
    const unwrapped = await crypto.unwrapKey("RSA-OAEP-256", result);
    expect(Buffer.from(unwrapped.result)).toEqual(dek);
  });

  test("a release policy can be replaced by an update of the key's properties", async () => {
    const key = await createKek("repolicied");
    const policy = releasePolicy({ "x-ms-attestation-type": "sevsnpvm" });
    await keyClient().updateKeyProperties("repolicied", key.properties.version ?? "", { releasePolicy: policy });
    const read = (await keyClient().getKey("repolicied")).properties.releasePolicy;
    expect(Buffer.from(read?.encodedPolicy ?? []).toString()).toBe(policy.encodedPolicy.toString());
  });

  test("ARM's PUT of a key that is there answers it and changes nothing", async () => {
    const first = await vaults.hooks.keyPut(premium, "arm", { kty: "RSA", keySize: 2048 });
    const second = await vaults.hooks.keyPut(premium, "arm", { kty: "RSA", keySize: 4096 });
    expect(second.keyUriWithVersion).toBe(first.keyUriWithVersion);
    expect((await keyClient().getKey("arm")).id).toBe(first.keyUriWithVersion);
  });

  test("a deleted key keeps its name until it is purged", async () => {
    await keyClient().createRsaKey("mortal");
    await (await keyClient().beginDeleteKey("mortal", { intervalInMs: 10 })).pollUntilDone();
    await expect(keyClient().getKey("mortal")).rejects.toMatchObject({ statusCode: 404, code: "KeyNotFound" });
    await expect(keyClient().createRsaKey("mortal")).rejects.toMatchObject({ statusCode: 409 });
    await keyClient().purgeDeletedKey("mortal");
    await keyClient().createRsaKey("mortal");
  });

  test("fails to use a key for an operation that it was not made for", async () => {
    const key = await createKek("wraps-only");
    const { token } = (await ctx.credential(userOid).getToken("https://vault.azure.net/.default")) ?? { token: "" };
    const response = await fetch(`${key.id}/decrypt?api-version=7.4`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ alg: "RSA-OAEP-256", value: "AAAA" }),
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Operation decrypt is not permitted on this key");
  });

  test("fails to make a key of the module in a standard vault", async () => {
    const other = new KeyClient((await vaults.hooks.vaultCreated(standard)).vaultUri, ctx.credential(userOid), options);
    await expect(other.createRsaKey("hsm", { hsm: true })).rejects.toThrow("RSA-HSM keys need a premium one");
  });

  test("fails to make an exportable key without a release policy", async () => {
    await expect(keyClient().createRsaKey("free", { hsm: true, exportable: true })).rejects.toThrow(
      "must have a release policy",
    );
  });

  test("fails to make an elliptic curve key, which is not modelled", async () => {
    await expect(keyClient().createEcKey("curve")).rejects.toThrow('The sandbox does not model keys of type "EC"');
  });
});

describe("callers", () => {
  test("fails without a role, naming caller, action, resource and the roles that would do", async () => {
    grants = [];
    await expect(keyClient().getKey("plain")).rejects.toMatchObject({
      statusCode: 403,
      code: "Forbidden",
      message: expect.stringMatching(
        new RegExp(
          `oid=${userOid}; Action: 'Microsoft.KeyVault/vaults/keys/read'; Resource: '.*/keys/plain'.*Crypto Officer`,
        ),
      ) as string,
    });
  });

  test("a role on one secret opens that secret and no other", async () => {
    await secretClient().setSecret("mine", "1");
    await secretClient().setSecret("other", "2");
    grants = [
      {
        scope: `${premium.id}/secrets/mine`,
        principalId: cleanRoom,
        roleDefinitionId: definition("4633458b-17de-408a-b874-0445c86b69e6"),
      },
    ];
    expect((await secretClient(cleanRoom).getSecret("mine")).value).toBe("1");
    await expect(secretClient(cleanRoom).getSecret("other")).rejects.toMatchObject({ statusCode: 403 });
  });

  test("fails with a token of another tenant", async () => {
    const stranger = new KeyClient(url, ctx.credential(userOid, collaborator("litware").tenantId), options);
    await expect(stranger.getKey("plain")).rejects.toMatchObject({
      statusCode: 401,
      message: expect.stringContaining("AKV10032") as string,
    });
  });

  test("fails without a token, saying where to sign in", async () => {
    const response = await fetch(`${url}keys/plain?api-version=7.4`);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer authorization="${ctx.signIn.authority}/${tenantId}", resource="https://vault.azure.net"`,
    );
  });
});

describe("secrets", () => {
  test("a secret that was set is read back, by version, too", async () => {
    const first = await secretClient().setSecret("dek", "one", { contentType: "text/plain" });
    await secretClient().setSecret("dek", "two");
    expect((await secretClient().getSecret("dek")).value).toBe("two");
    const old = await secretClient().getSecret("dek", { version: first.properties.version });
    expect([old.value, old.properties.contentType]).toEqual(["one", "text/plain"]);
  });

  test("a deleted secret is not listed, and comes back when it is recovered", async () => {
    await secretClient().setSecret("fleeting", "x");
    const names = async (): Promise<string[]> => {
      const all: string[] = [];
      for await (const each of secretClient().listPropertiesOfSecrets()) all.push(each.name);
      return all;
    };
    await (await secretClient().beginDeleteSecret("fleeting", { intervalInMs: 10 })).pollUntilDone();
    expect(await names()).not.toContain("fleeting");
    await (await secretClient().beginRecoverDeletedSecret("fleeting", { intervalInMs: 10 })).pollUntilDone();
    expect((await secretClient().getSecret("fleeting")).value).toBe("x");
  });

  test("fails to read a secret that is not there", async () => {
    await expect(secretClient().getSecret("none")).rejects.toMatchObject({ statusCode: 404, code: "SecretNotFound" });
  });
});

describe("release", () => {
  beforeEach(() => {
    grants = [...grants, { scope: premium.id, principalId: cleanRoom, roleDefinitionId: releaseUser }];
  });
  const release = async (name: string, token: string) =>
    keyClient(cleanRoom).releaseKey(name, token, { algorithm: "CKM_RSA_AES_KEY_WRAP" });

  test("the attested clean room gets the private key, wrapped for the key that it attested", async () => {
    const kek = await createKek("kek");
    const { jwk, privateKey } = evidence();
    const { value } = await release("kek", await attestation.attest({ hostData, keys: [jwk] }));
    const { response } = decodeJwt<{ response: { key: { key: JsonWebKey & { key_hsm: string } } } }>(value);
    const { ciphertext } = JSON.parse(Buffer.from(response.key.key.key_hsm, "base64url").toString()) as {
      ciphertext: string;
    };
    const bytes = Buffer.from(ciphertext, "base64url");
    const aes = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" },
      bytes.subarray(0, 256),
    );
    const decipher = createDecipheriv("id-aes256-wrap-pad", aes, Buffer.from("A65959A6", "hex"));
    const pkcs8 = Buffer.concat([decipher.update(bytes.subarray(256)), decipher.final()]);
    const released = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }).export({ format: "jwk" });
    expect(released.n).toBe(Buffer.from(kek.key?.n ?? []).toString("base64url"));
  });

  test("fails for another host data, naming the claim", async () => {
    await createKek("kek-other");
    const token = await attestation.attest({ hostData: "cd".repeat(32), keys: [evidence().jwk] });
    await expect(release("kek-other", token)).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining("do not meet the policy: x-ms-sevsnpvm-hostdata") as string,
    });
  });

  test("fails when the policy names another authority", async () => {
    await createKek("kek-authority", releasePolicy({}, "https://attest.example"));
    const token = await attestation.attest({ hostData, keys: [evidence().jwk] });
    await expect(release("kek-authority", token)).rejects.toThrow(
      "is not an authority of the policy (https://attest.example)",
    );
  });

  test("fails for a token that the authority did not sign", async () => {
    await createKek("kek-forged");
    const token = await attestation.attest({ hostData, keys: [evidence().jwk] });
    const forged = `${token.slice(0, token.lastIndexOf(".") + 1)}${"A".repeat(342)}`;
    await expect(release("kek-forged", forged)).rejects.toThrow("the attestation token is not accepted");
  });

  test("fails for a caller without the role for release, were it the key's owner", async () => {
    await createKek("kek-role");
    grants = grants.filter((each) => each.principalId !== cleanRoom);
    const token = await attestation.attest({ hostData, keys: [evidence().jwk] });
    await expect(release("kek-role", token)).rejects.toMatchObject({
      message: expect.stringContaining("keys/release/action") as string,
    });
  });

  test("fails for a key that is not exportable", async () => {
    await keyClient().createRsaKey("kept", { hsm: true });
    const token = await attestation.attest({ hostData, keys: [evidence().jwk] });
    await expect(release("kept", token)).rejects.toThrow("not exportable");
  });
});

test("the attestation service refuses a report that its processor did not sign", async () => {
  const report = Buffer.from(JSON.stringify({ SnpReport: Buffer.alloc(0x4a0).toString("base64url") })).toString(
    "base64url",
  );
  const runtimeData = { data: Buffer.from('{"keys":[]}').toString("base64url"), dataType: "JSON" };
  const response = await fetch(`${attestation.url}/attest/SevSnpVm?api-version=2022-08-01`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ report, runtimeData }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("does not carry the processor's signature");
});

test("keys and secrets outlive a restart of the vaults", async () => {
  await secretClient().setSecret("kept-secret", "still here");
  await vaults.stop();
  vaults = await startVaults(ctx, world, trust);
  expect((await secretClient().getSecret("kept-secret")).value).toBe("still here");
});
