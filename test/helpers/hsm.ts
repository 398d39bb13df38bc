// Contosso's Managed HSM as the sandbox runs it, with the real client of its keys.
import { randomUUID } from "node:crypto";
import type { AccessToken } from "@azure/core-auth";
import { KeyClient } from "@azure/keyvault-keys";
import { startManagedHsms } from "../../sandbox/dataplanes/hsm";
import { createTrust } from "../../sandbox/dataplanes/trust";
import { collaborator } from "../../sandbox/world";
import { trust, type TestRoom } from "./clean-room";

export interface TestHsm {
  readonly url: string;
  /** As an identity of Contosso's tenant; its user administers the HSM. */
  keys(oid?: string): KeyClient;
  /** Gives a local role, by its id, on everything, as the HSM's administrator. */
  giveRole(id: string, oid: string): Promise<void>;
  end(): Promise<void>;
}

const { tenantId, userOid } = collaborator("contosso");

export async function startTestHsm(room: TestRoom): Promise<TestHsm> {
  trust(room);
  const { context, signIn, tls } = room.services;
  const authorities = createTrust(tls.ca, context.clock);
  const hsms = await startManagedHsms(context, authorities, context.gate);
  const url = hsms.urls.contosso ?? "";
  const keys = (oid = userOid): KeyClient => {
    const getToken = async (): Promise<AccessToken> => ({
      token: await signIn.issue({ tenantId, oid, audience: "https://managedhsm.azure.net" }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    });
    const options = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };
    return new KeyClient(url, { getToken }, options);
  };
  const giveRole: TestHsm["giveRole"] = async (id, principalId) => {
    const token = await signIn.issue({ tenantId, oid: userOid, audience: "https://managedhsm.azure.net" });
    const roleDefinitionId = `Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    const path = `/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=7.4`;
    const body = { properties: { roleDefinitionId, principalId } };
    const { status, text } = await room.services.call("PUT", `${url}${path}`, { token, body });
    if (status !== 201) throw new Error(`the HSM answered ${status}: ${text}`);
  };
  return {
    url,
    keys,
    giveRole,
    end: async () => {
      await hsms.stop();
      await authorities.close();
    },
  };
}
