// Who a role can be assigned to in a collaborator's tenant: its people and pipeline, managed identities, and service
// principals of applications.
import type { Cloud } from "../protocol";
import type { Resource } from "../records";
import { tokens } from "../tokens";

export interface Principal {
  readonly type: "User" | "ServicePrincipal";
  /** Since when it exists, in milliseconds since 1970. */
  readonly since: number;
}

export function principalOf({ state, collaborator }: Cloud, id: string): Principal | undefined {
  if (id === collaborator.userOid) return { type: "User", since: 0 };
  if (id === collaborator.pipelineOid) return { type: "ServicePrincipal", since: 0 };
  const own = (type: string): readonly Resource[] =>
    state.records.list(type).filter(({ owner }) => owner === collaborator.name);
  const identity = own(tokens.identity).find(({ outputs }) => outputs.principalId === id);
  if (identity !== undefined) {
    const { createdAt } = identity.outputs.systemData as { readonly createdAt: string };
    return { type: "ServicePrincipal", since: Date.parse(createdAt) };
  }
  const principal = own(tokens.servicePrincipal).find(({ outputs }) => outputs.objectId === id);
  return principal && { type: "ServicePrincipal", since: Date.parse(String(principal.hidden?.createdAt)) };
}
