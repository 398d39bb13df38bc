// Azure Resource Manager's own REST face, as far as the provider package has no function for it: lists. A caller shows a
// token for management, of the subscription's tenant, and may read there: as its owner, or by a role.
import { type SandboxContext, TokenError } from "../context";
import { type Gate, ok, type Request, type Route, type RunningService, ServiceError, startService } from "../http";
import { type Collaborator, collaborators } from "../world";
import { notFound } from "./azure/arm";
import type { Resource } from "./records";
import type { CloudState } from "./state";
import { tokens } from "./tokens";

const AUDIENCES = ["https://management.azure.com", "https://management.core.windows.net"];
/** Built-in roles that may read everything within their scope: Owner, Contributor, Reader. */
const READERS = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7",
];
const IDENTITY =
  "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/:name";
/** So many on one page, as the real service answers them. */
const PAGE = 10;

export async function startResourceManager(
  ctx: SandboxContext,
  state: CloudState,
  gate?: Gate,
): Promise<RunningService> {
  const port = await ctx.ports.get("resource-manager");
  const url = `https://localhost:${port}`;
  const list: Route = {
    method: "GET",
    path: `${IDENTITY}/federatedIdentityCredentials`,
    handler: async (request) => {
      requireVersion(request, "2023-01-31");
      const id = request.path.slice(0, request.path.lastIndexOf("/"));
      const owner = await authorise(ctx, state, request, id, "federatedIdentityCredentials/read");
      const identity = state.records.get({ owner: owner.name, type: tokens.identity, id });
      if (identity === undefined) throw notFound(request.params.group, id.slice(id.indexOf("/Microsoft.") + 1));
      const all = state.records
        .list(tokens.federatedCredential)
        .filter((each) => each.owner === owner.name && each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
      const skip = Number(request.query.get("$skiptoken") ?? 0);
      const rest = skip + PAGE < all.length;
      const next = `${url}${request.path}?api-version=2023-01-31&$skiptoken=${skip + PAGE}`;
      return ok({ value: all.slice(skip, skip + PAGE).map(shown), ...(rest && { nextLink: next }) });
    },
  };
  return startService({
    service: "resource-manager",
    port,
    tls: ctx.tls,
    gate,
    routes: [list],
    log: (line) => ctx.log(line),
  });
}

function requireVersion({ query }: Request, version: string): void {
  const given = query.get("api-version");
  if (given === version) return;
  const message =
    given === null
      ? "The api-version query parameter (?api-version=) is required for all requests."
      : `The sandbox does not model the api-version '${given}' here, but ${version}.`;
  throw new ServiceError(400, given === null ? "MissingApiVersionParameter" : "InvalidApiVersionParameter", message);
}

/** @returns whose subscription it is. @throws ServiceError 401, 403 or 404 */
async function authorise(
  ctx: SandboxContext,
  state: CloudState,
  { headers, params }: Request,
  scope: string,
  action: string,
): Promise<Collaborator> {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  const owner = collaborators.find((each) => each.subscriptionId === params.subscription?.toLowerCase());
  let caller: { readonly oid: string; readonly tid: string };
  try {
    caller = await ctx.signIn.verify(token, { audience: AUDIENCES });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new ServiceError(401, "InvalidAuthenticationToken", error.message);
  }
  const { oid, tid } = caller;
  if (owner === undefined) {
    const message = `The subscription '${params.subscription ?? ""}' could not be found.`;
    throw new ServiceError(404, "SubscriptionNotFound", message);
  }
  if (tid !== owner.tenantId) {
    const message = `The access token is from the wrong issuer: it is of tenant ${tid}, the subscription of ${owner.tenantId}.`;
    throw new ServiceError(401, "InvalidAuthenticationTokenTenant", message);
  }
  if (oid === owner.userOid || mayRead(state, oid, scope)) return owner;
  throw new ServiceError(
    403,
    "AuthorizationFailed",
    `The client with object id '${oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`,
  );
}

function mayRead(state: CloudState, oid: string, scope: string): boolean {
  return state
    .roleAssignments()
    .some(
      (each) =>
        each.principalId === oid &&
        READERS.some((role) => each.roleDefinitionId.toLowerCase().endsWith(role)) &&
        `${scope.toLowerCase()}/`.startsWith(`${each.scope.toLowerCase()}/`),
    );
}

const shown = ({ id, outputs }: Resource): unknown => ({
  id,
  name: outputs.name,
  type: outputs.type,
  properties: { issuer: outputs.issuer, subject: outputs.subject, audiences: outputs.audiences },
});
