// Who the provider acts as: the collaborator's own user, as after `az login`.
import type { CloudFunction } from "../protocol";

/** Of Azure's command line tool, with which people sign in. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export const getClientConfig: CloudFunction = {
  token: "azure-native:authorization:getClientConfig",
  file: "sandbox/clouds/azure/client-config.ts",
  inputs: {},
  call: ({ collaborator: { tenantId, subscriptionId, userOid } }) => ({
    clientId: AZURE_CLI,
    objectId: userOid,
    subscriptionId,
    tenantId,
  }),
};
