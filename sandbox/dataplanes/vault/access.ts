// Who may do what in a vault: a token for Key Vault, of the vault's tenant, whose owner has a role for the action on the
// object, the vault or something that contains it.
import type { SignIn } from "../../context";
import { TokenError } from "../../context";
import { type Request, ServiceError } from "../../http";
import { admits, SANDBOX_ADDRESS } from "../network";
import { isAllowed, rolesFor } from "../roles";
import { forbidden } from "./errors";
import type { RoleAssignmentFacts, VaultFacts } from "../../clouds";
import type { ObjectKind } from "./model";

const VAULT_AUDIENCE = "https://vault.azure.net";

export interface Access {
  readonly signIn: SignIn;
  grants(): readonly RoleAssignmentFacts[];
}

/**
 * @param action as in `keys/read`, below `Microsoft.KeyVault/vaults/`
 * @param object left out for what concerns the vault as a whole
 * @throws ServiceError 401 with the challenge that clients answer by signing in, or 403 ForbiddenByRbac
 */
export async function authorise(
  access: Access,
  vault: VaultFacts,
  request: Request,
  action: string,
  object?: { readonly kind: ObjectKind; readonly name: string },
): Promise<void> {
  const oid = await callerOf(access.signIn, vault.tenantId, request, VAULT_AUDIENCE);
  if (!admits(vault.network, SANDBOX_ADDRESS)) {
    throw forbidden(
      "ForbiddenByFirewall",
      `Client address is not authorized and caller is not a trusted service. Client address: ${SANDBOX_ADDRESS}; Caller: oid=${oid}; Vault: ${vault.name}`,
    );
  }
  if (!vault.rbac) {
    const why = `The vault ${vault.name} uses access policies, which the sandbox does not model: set enableRbacAuthorization.`;
    throw forbidden("AccessDenied", why);
  }
  const scope = object === undefined ? vault.id : `${vault.id}/${object.kind}/${object.name}`;
  const full = `Microsoft.KeyVault/vaults/${action}`;
  if (isAllowed(access.grants(), oid, full, scope)) return;
  throw forbidden(
    "ForbiddenByRbac",
    `Caller is not authorized to perform action on resource. If role assignments were changed recently, wait for them to take effect. ` +
      `Caller: oid=${oid}; Action: '${full}'; Resource: '${scope.toLowerCase()}'; roles that allow it: ${rolesFor(full).join(", ")}; Vault: ${vault.name}`,
  );
}

/**
 * @param audience the resource that the token has to be for, which an answer without one names
 * @throws ServiceError 401 with the challenge that clients answer by signing in
 */
export async function callerOf(signIn: SignIn, tenantId: string, request: Request, audience: string): Promise<string> {
  const challenge = (message: string): ServiceError =>
    new ServiceError(401, "Unauthorized", message, {
      "www-authenticate": `Bearer authorization="${signIn.authority}/${tenantId}", resource="${audience}"`,
    });
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw challenge("AKV10000: Request is missing a Bearer or PoP token.");
  try {
    const { oid, tid } = await signIn.verify(token, { audience: [audience, `${audience}/`] });
    if (tid === tenantId) return oid;
    throw challenge(`AKV10032: Invalid issuer. Expected tenant ${tenantId}, found ${tid}.`);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const code = error.fault === "wrongAudience" ? "AKV10022: Invalid audience. " : "";
    throw challenge(`${code}${error.message}`);
  }
}
