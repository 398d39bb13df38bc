// Management locks: what is below one that says CanNotDelete is deleted by nobody, role assignments included.
import { ServiceError } from "../../http";
import { type Cloud, type Model, text, typed } from "../protocol";
import { tokens } from "../tokens";
import { subscriptionScope, without } from "./arm";

export const managementLock: Model = {
  type: tokens.managementLock,
  file: "sandbox/clouds/azure/management-lock.ts",
  inputs: { level: text("CanNotDelete"), lockName: typed, notes: typed, scope: typed },
  autoname: { property: "lockName", unique: true, make: (name, random) => name + random(8) },
  replaceOn: ["lockName", "scope"],
  computed: ["azureApiVersion", "type"],
  echo: (inputs) => ({ ...without(inputs, "scope", "lockName"), name: inputs.lockName }),
  create: (cloud, { scope, lockName }) => {
    const id = String(scope).toLowerCase();
    const isThere = cloud.state.records
      .all()
      .some((each) => each.owner === cloud.collaborator.name && each.id.toLowerCase() === id);
    if (!isThere && id !== subscriptionScope(cloud).toLowerCase()) {
      throw new ServiceError(404, "ResourceNotFound", `The Resource '${String(scope)}' was not found.`);
    }
    const outputs = { azureApiVersion: "2020-05-01", type: "Microsoft.Authorization/locks" };
    return Promise.resolve({
      id: `${String(scope)}/providers/Microsoft.Authorization/locks/${String(lockName)}`,
      outputs,
    });
  },
  update: () => Promise.resolve({ outputs: {} }),
};

/** @throws ServiceError 409 ScopeLocked where a lock is on what is to be deleted, or around it */
export function requireUnlocked({ state, collaborator }: Cloud, id: string): void {
  const scopes = state.records
    .list(tokens.managementLock)
    .filter(({ owner }) => owner === collaborator.name)
    .map(({ inputs }) => String(inputs.scope));
  const locked = scopes.find((scope) => `${id.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`));
  if (locked === undefined) return;
  throw new ServiceError(
    409,
    "ScopeLocked",
    `The scope '${id}' cannot perform delete operation because following scope(s) are locked: '${locked}'. Please remove the lock and try again.`,
  );
}
