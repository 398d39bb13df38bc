// Who the provider acts as: the collaborator's own user, as after `az login`.
import { AZURE_CLI } from "../azuread/client-config";
import type { CloudFunction } from "../protocol";

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
