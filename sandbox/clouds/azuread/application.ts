// Applications of a tenant: what a service principal stands for, and what federated credentials can belong to.
import { randomUUID } from "node:crypto";
import { ServiceError } from "../../http";
import { type Model, text, typed } from "../protocol";
import { tokens } from "../tokens";
import { below, own } from "./common";

export const application: Model = {
  type: tokens.application,
  file: "sandbox/clouds/azuread/application.ts",
  inputs: {
    description: typed,
    displayName: typed,
    notes: typed,
    owners: typed,
    preventDuplicateNames: typed,
    signInAudience: text("AzureADMyOrg"),
    tags: typed,
  },
  replaceOn: [],
  computed: [
    "appRoleIds",
    "clientId",
    "disabledByMicrosoft",
    "logoUrl",
    "oauth2PermissionScopeIds",
    "objectId",
    "publisherDomain",
  ],
  echo: (inputs) => ({ signInAudience: "AzureADMyOrg", ...own(inputs) }),
  create: ({ state, collaborator }, { displayName, preventDuplicateNames }) => {
    const isSame = ({ owner, outputs }: { owner: string; outputs: Readonly<Record<string, unknown>> }): boolean =>
      owner === collaborator.name && outputs.displayName === displayName;
    if (preventDuplicateNames === true && state.records.list(tokens.application).some(isSame)) {
      throw new ServiceError(
        409,
        "ImportAsExistsError",
        `An application named ${JSON.stringify(displayName)} exists already.`,
      );
    }
    const objectId = randomUUID();
    const domain = collaborator.upn.slice(collaborator.upn.indexOf("@") + 1);
    const outputs = { ...fixed, clientId: randomUUID(), objectId, publisherDomain: domain };
    return Promise.resolve({ id: `/applications/${objectId}`, outputs });
  },
  update: () => Promise.resolve({ outputs: {} }),
  delete: async (cloud, { id, outputs }) => {
    const { records } = cloud.state;
    for (const each of below(cloud, tokens.applicationCredential, "applicationId", id)) await records.delete(each);
    // A principal in the application's own tenant goes with it.
    for (const each of below(cloud, tokens.servicePrincipal, "clientId", outputs.clientId)) await records.delete(each);
  },
};

const fixed = { appRoleIds: {}, disabledByMicrosoft: "", logoUrl: "", oauth2PermissionScopeIds: {} };
