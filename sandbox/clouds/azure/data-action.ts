// The provider reaches into a vault's data plane as the deployer: without a role there it is refused like anybody.
import { ServiceError } from "../../http";
import { isAllowed, rolesFor } from "../../dataplanes/roles";
import type { Cloud } from "../protocol";

/** @throws ServiceError 403 Forbidden */
export function requireDataAction({ state, collaborator }: Cloud, action: string, scope: string): void {
  if (isAllowed(state.roleAssignments(), collaborator.userOid, action, scope)) return;
  const roles = rolesFor(action).join(", ");
  throw new ServiceError(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource. Caller: oid=${collaborator.userOid}. Action: '${action}'. Resource: '${scope}'. Roles that allow it: ${roles}. A role that is deleted in the same run has to be deleted after this: let this resource depend on its assignment.`,
  );
}
