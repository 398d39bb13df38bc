// The tenants that the sandbox's sign-in knows: those of the collaborators.
import { collaborators } from "../world";

export function isTenant(tenantId: string): boolean {
  return collaborators.some((each) => each.tenantId === tenantId);
}
