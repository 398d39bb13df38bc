// Federated credentials of an application: at most twenty, each issuer and subject once.
import { randomUUID } from "node:crypto";
import { ServiceError } from "../../http";
import { type Cloud, type Failure, isUnknown, type Model, typed } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";
import { below, own } from "./common";

const LIMIT = 20;

export const applicationCredential: Model = {
  type: tokens.applicationCredential,
  file: "sandbox/clouds/azuread/federated-credential.ts",
  inputs: {
    applicationId: typed,
    audiences: typed,
    description: typed,
    displayName: typed,
    issuer: typed,
    subject: typed,
  },
  replaceOn: ["applicationId", "displayName"],
  computed: ["credentialId"],
  validate: ({ displayName, audiences }) => [...checkName(displayName), ...checkAudiences(audiences)],
  echo: own,
  create: (cloud, inputs) => {
    const application = requireApplication(cloud, inputs);
    const others = below(cloud, tokens.applicationCredential, "applicationId", application.id);
    if (others.length >= LIMIT) {
      throw badRequest(
        `The application has ${LIMIT} federated identity credentials, which is the most that it may have.`,
      );
    }
    checkUnique(others, inputs);
    if (others.some(({ inputs: { displayName } }) => displayName === inputs.displayName)) {
      throw badRequest(`FederatedIdentityCredential with name ${String(inputs.displayName)} already exists.`);
    }
    const credentialId = randomUUID();
    const id = `${String(application.outputs.objectId)}/federatedIdentityCredential/${credentialId}`;
    return Promise.resolve({ id, outputs: { credentialId } });
  },
  update: (cloud, { id }, inputs) => {
    const application = requireApplication(cloud, inputs);
    const others = below(cloud, tokens.applicationCredential, "applicationId", application.id);
    checkUnique(
      others.filter((each) => each.id !== id),
      inputs,
    );
    return Promise.resolve({ outputs: {} });
  },
};

const badRequest = (message: string): ServiceError => new ServiceError(400, "Request_BadRequest", message);

function requireApplication({ state, collaborator }: Cloud, { applicationId }: Properties): Resource {
  const id = String(applicationId);
  const found = state.records.get({ owner: collaborator.name, type: tokens.application, id });
  if (found !== undefined) return found;
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present. It must be an application's id: /applications/<object id>.`;
  throw new ServiceError(404, "Request_ResourceNotFound", message);
}

function checkUnique(others: readonly Resource[], { issuer, subject }: Properties): void {
  if (others.some(({ inputs }) => inputs.issuer === issuer && inputs.subject === subject)) {
    throw badRequest("FederatedIdentityCredential with the same issuer and subject already exists on the application.");
  }
}

const checkName = (name: unknown): readonly Failure[] =>
  typeof name !== "string" || isUnknown(name) || /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,119}$/.test(name)
    ? []
    : [
        {
          property: "displayName",
          reason: `${JSON.stringify(name)} must be 1 to 120 letters, digits, hyphens and underscores`,
        },
      ];

const checkAudiences = (audiences: unknown): readonly Failure[] =>
  !Array.isArray(audiences) || audiences.length === 1
    ? []
    : [{ property: "audiences", reason: `exactly one audience is allowed, not ${audiences.length}` }];
