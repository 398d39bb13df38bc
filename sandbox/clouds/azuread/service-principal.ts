// Service principals: an application's presence in the tenant, which roles are assigned to. One for each application.
import { randomUUID } from "node:crypto";
import { ServiceError } from "../../http";
import { type Model, typed } from "../protocol";
import { tokens } from "../tokens";
import { below, own } from "./common";

export const servicePrincipal: Model = {
  type: tokens.servicePrincipal,
  file: "sandbox/clouds/azuread/service-principal.ts",
  inputs: {
    accountEnabled: typed,
    appRoleAssignmentRequired: typed,
    clientId: typed,
    description: typed,
    notes: typed,
    owners: typed,
    tags: typed,
  },
  replaceOn: ["clientId"],
  computed: [
    "appRoleIds",
    "applicationTenantId",
    "displayName",
    "objectId",
    "servicePrincipalNames",
    "signInAudience",
    "type",
  ],
  echo: (inputs) => ({ accountEnabled: true, appRoleAssignmentRequired: false, ...own(inputs) }),
  create: (cloud, { clientId }) => {
    const { state, collaborator, clock } = cloud;
    const application = state.records
      .list(tokens.application)
      .find((each) => each.owner === collaborator.name && each.outputs.clientId === clientId);
    if (application === undefined) {
      const message = `The appId '${String(clientId)}' of the service principal does not reference a valid application object.`;
      throw new ServiceError(400, "Request_BadRequest", message);
    }
    if (below(cloud, tokens.servicePrincipal, "clientId", clientId).length > 0) {
      const message = `The service principal cannot be created, updated, or restored because the service principal name ${String(clientId)} is already in use.`;
      throw new ServiceError(409, "Request_MultipleObjectsWithSameKeyValue", message);
    }
    const objectId = randomUUID();
    const outputs = {
      appRoleIds: {},
      applicationTenantId: collaborator.tenantId,
      displayName: application.outputs.displayName,
      objectId,
      servicePrincipalNames: [clientId],
      signInAudience: "AzureADMyOrg",
      type: "Application",
    };
    const hidden = { createdAt: clock().toISOString() };
    return Promise.resolve({ id: `/servicePrincipals/${objectId}`, outputs, hidden });
  },
  update: () => Promise.resolve({ outputs: {} }),
};
