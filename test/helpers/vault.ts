// Contosso's key vault as the sandbox runs it, with a sign-in that gives tokens for it, for tests of data encryption keys.
import type { AccessToken } from "@azure/core-auth";
import { KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import type { RoleAssignmentFacts, VaultFacts } from "../../sandbox/clouds";
import { createTrust } from "../../sandbox/dataplanes/trust";
import { startVaults } from "../../sandbox/dataplanes/vault";
import { collaborator } from "../../sandbox/world";
import { trust, type TestRoom } from "./clean-room";
import type { Properties } from "./provider-process";

export interface TestVault {
  readonly url: string;
  readonly keys: KeyClient;
  readonly secrets: SecretClient;
  /** With these a process gets tokens for the vault as Contosso's user. */
  readonly env: Readonly<Record<string, string>>;
  /** Who may do what, from now on. */
  grant(grants: readonly RoleAssignmentFacts[]): void;
  /** Makes a KEK as ARM does. */
  makeKey(name: string, exportable?: boolean): Promise<void>;
  end(): Promise<void>;
}

const { tenantId, userOid } = collaborator("contosso");
const facts: VaultFacts = {
  name: "contosso-kv",
  id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contosso-kv",
  owner: "contosso",
  tenantId,
  sku: "premium",
  rbac: true,
  purgeProtection: true,
  retentionDays: 90,
};
const OPTIONS = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };

/** Crypto officer and secrets officer. */
export const OFFICERS: readonly RoleAssignmentFacts[] = [
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
].map((id) => ({
  scope: facts.id,
  principalId: userOid,
  roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`,
}));

export const releasePolicy = (hostData: string): Properties => ({
  version: "1.0.0",
  anyOf: [{ authority: "https://attest.example", allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals: hostData }] }],
});

export async function startTestVault(room: TestRoom): Promise<TestVault> {
  trust(room);
  const { context, signIn, home, tls } = room.services;
  let grants = OFFICERS;
  const authorities = createTrust(tls.ca, context.clock);
  const vaults = await startVaults(
    context,
    { vault: () => facts, vaults: () => [facts], roleAssignments: () => grants },
    authorities,
  );
  const url = (await vaults.hooks.vaultCreated(facts)).vaultUri;
  const credential = {
    getToken: async (): Promise<AccessToken> => ({
      token: await signIn.issue({ tenantId, oid: userOid, audience: "https://vault.azure.net" }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  };
  const keys = new KeyClient(url, credential, OPTIONS);
  const secrets = new SecretClient(url, credential, OPTIONS);
  // Both learn where to sign in from their first answer: sent side by side, first requests would lose their bodies.
  await keys.getKey("none").catch(onlyAbsent);
  await secrets.getSecret("none").catch(onlyAbsent);
  return {
    url,
    keys,
    secrets,
    env: {
      NODE_EXTRA_CA_CERTS: home.path("ca.pem"),
      IDENTITY_ENDPOINT: signIn.identityEndpoint,
      IDENTITY_HEADER: home.identityHeaders.contosso ?? "",
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    },
    grant: (next) => (grants = next),
    makeKey: async (name, exportable = true) => {
      const policy = { encodedPolicy: Buffer.from(JSON.stringify(releasePolicy("ab"))) };
      await keys.createRsaKey(name, {
        hsm: true,
        exportable,
        releasePolicy: exportable ? policy : undefined,
        keyOps: ["encrypt", "wrapKey"],
      });
    },
    end: async () => {
      await vaults.stop();
      await authorities.close();
    },
  };
}

function onlyAbsent(error: unknown): void {
  if ((error as { statusCode?: number }).statusCode !== 404) throw error;
}
