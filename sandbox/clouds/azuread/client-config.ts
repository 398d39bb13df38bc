// Who the provider acts as: the collaborator's own user, as after `az login`.
import type { CloudFunction } from "../protocol";

/** Of Azure's command line tool, with which people sign in. */
export const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export const getClientConfig: CloudFunction = {
  token: "azuread:index/getClientConfig:getClientConfig",
  file: "sandbox/clouds/azuread/client-config.ts",
  inputs: {},
  call: ({ collaborator: { tenantId, userOid } }) => ({
    clientId: AZURE_CLI,
    id: `${tenantId}-${AZURE_CLI}-${userOid}`,
    objectId: userOid,
    tenantId,
  }),
};
