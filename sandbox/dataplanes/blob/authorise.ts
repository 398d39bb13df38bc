// Who may do what to which container: a token for storage, of the account's tenant, whose holder has a data role there.
// Keys and signatures open nothing. Without a token there is what a container lets everybody read, where its account allows
// that.
import type { IncomingMessage } from "node:http";
import type { AccountFacts } from "../../clouds";
import { type SandboxContext, TokenError } from "../../context";
import { admits, SANDBOX_ADDRESS } from "../network";
import { isAllowed, rolesFor } from "../roles";
import { BlobError } from "./errors";
import type { BlobWorld } from ".";
import type { Operation } from "./operation";

const STORAGE_AUDIENCE = "https://storage.azure.com";

/** @returns the account. @throws BlobError for whom it is refused */
export async function authorise(
  ctx: SandboxContext,
  world: BlobWorld,
  request: IncomingMessage,
  operation: Operation,
): Promise<AccountFacts> {
  const { container, action } = operation;
  const account = world.storageAccount(operation.account);
  if (account === undefined) {
    throw new BlobError(
      404,
      "ResourceNotFound",
      `The sandbox has no storage account ${JSON.stringify(operation.account)}.`,
    );
  }
  if (!admits(account.network, SANDBOX_ADDRESS)) {
    throw new BlobError(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");
  }
  if (isPublic(world, account, request, operation)) return account;
  const oid = await callerOf(ctx, account.tenantId, request);
  if (action === undefined) {
    const what = `${request.method} ${request.url?.split("&sig=")[0]}`;
    throw new BlobError(
      501,
      "NotImplemented",
      `The sandbox does not model ${what} of blob storage; containers are made by ARM.`,
    );
  }
  const scope = container === undefined ? account.id : `${account.id}/blobServices/default/containers/${container}`;
  if (!isAllowed(world.roleAssignments(), oid, action, scope)) {
    const roles = rolesFor(action).join(", ");
    throw new BlobError(
      403,
      "AuthorizationPermissionMismatch",
      `This request is not authorized to perform this operation using this permission. Caller ${oid} has no role for ${action} on ${scope}; roles that allow it: ${roles}.`,
    );
  }
  if (container !== undefined && world.container(account.name, container) === undefined) {
    throw new BlobError(404, "ContainerNotFound", `The specified container does not exist: ${container}.`);
  }
  return account;
}

/** Whether it is what anybody may read: blobs of a public container, and their list of one that is public as a whole. */
function isPublic(
  world: BlobWorld,
  { name, allowsPublicAccess = false }: AccountFacts,
  { headers }: IncomingMessage,
  { container = "", blob, action, writes }: Operation,
): boolean {
  const { publicAccess = "None" } = world.container(name, container) ?? {};
  const shown = publicAccess === "Container" || (publicAccess === "Blob" && blob !== undefined);
  return headers.authorization === undefined && allowsPublicAccess && shown && !writes && action !== undefined;
}

/** Object id of whoever shows a token for storage of this tenant. @throws BlobError */
export async function callerOf(ctx: SandboxContext, tenantId: string, request: IncomingMessage): Promise<string> {
  const challenge = {
    "www-authenticate": `Bearer authorization_uri=${ctx.signIn.authority}/${tenantId}/oauth2/authorize resource_id=${STORAGE_AUDIENCE}`,
  };
  const given = request.headers.authorization;
  if (given === undefined) {
    if (/[?&]sig=/.test(request.url ?? "")) throw keysAreOff();
    const why =
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    throw new BlobError(401, "NoAuthenticationInformation", why, challenge);
  }
  if (/^SharedKey/i.test(given)) throw keysAreOff();
  const token = /^Bearer +(\S+)$/i.exec(given)?.[1] ?? "";
  try {
    const { oid, tid } = await ctx.signIn.verify(token, { audience: [STORAGE_AUDIENCE, `${STORAGE_AUDIENCE}/`] });
    if (tid === tenantId) return oid;
    const why = `Issuer validation failed. The token is of tenant ${tid}, the account of ${tenantId}.`;
    throw new BlobError(401, "InvalidAuthenticationInfo", why, challenge);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new BlobError(401, "InvalidAuthenticationInfo", error.message, challenge);
  }
}

const keysAreOff = (): BlobError =>
  new BlobError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );
