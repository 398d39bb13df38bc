// Who calls governance: the token's `oid`, when governance knows it and it comes from the tenant that is registered.
import { type SignIn, TokenError } from "../context";
import { ServiceError } from "../http";
import { serviceAudience } from "../world";
import type { State } from "./state";

export interface Caller {
  readonly id: string;
  readonly tenantId: string;
  /** All claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The second is the same resource under the name that `az` still uses by default. */
export const serviceAudiences = [serviceAudience, "https://management.core.windows.net"];

/** Checks the token alone. @throws ServiceError 401, or 500 for a token without oid, as the real application answers */
export async function authenticate(signIn: SignIn, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) {
    throw unauthenticated(
      authorization === undefined ? "Missing authorization header" : "Invalid authorization header",
    );
  }
  try {
    const claims = await signIn.verify(token, { audience: serviceAudiences });
    return { id: claims.oid, tenantId: claims.tid, claims };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.fault === "noObjectId") throw new ServiceError(500, "InternalError", "Exception thrown while executing.");
    throw unauthenticated(error.message);
  }
}

/** @throws ServiceError 403 when the caller is not registered, or from another tenant than it was registered for */
export function authorize(state: State, caller: Caller): void {
  const user = state.users.get(caller.id);
  if (user === undefined) {
    throw new ServiceError(403, "CallerNotAuthorized", `User ${caller.id} is not authorized to invoke this endpoint.`);
  }
  if (user.tenantId !== caller.tenantId) {
    throw new ServiceError(
      403,
      "CallerTenantNotAuthorized",
      `Tenant ${caller.tenantId} is not authorized to invoke this endpoint. Expected tenant ID is ${user.tenantId}.`,
    );
  }
}

function unauthenticated(reason: string): ServiceError {
  const code = "InvalidAuthenticationInfo";
  const headers = { "www-authenticate": 'Bearer realm="JWT bearer token access", error="invalid_token"' };
  return new ServiceError(401, code, "Invalid info", headers, {
    details: [{ auth_policy: "jwt", code, message: reason }],
  });
}
