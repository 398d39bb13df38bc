// Who calls Azure Resource Manager, and what they may do: a collaborator's user owns the collaborator's subscription;
// everybody else has what roles were assigned to them.
import { type SandboxContext, TokenError } from "../../context";
import { type Request, ServiceError } from "../../http";
import type { Collaborator } from "../../world";
import { notModelled } from "./errors";
import type { ManagedWorld } from "./index";

const AUDIENCES = [
  "https://management.azure.com",
  "https://management.azure.com/",
  "https://management.core.windows.net",
];

export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

const role = (actions: readonly string[], notActions: readonly string[] = []): Permission => ({
  actions,
  notActions,
  dataActions: [],
  notDataActions: [],
});

const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";
const SUPPORT = ["*/read", "Microsoft.Support/*"];

/** Azure's general roles and their control actions, from its documentation of built-in roles. */
const ROLES: Readonly<Record<string, Permission>> = {
  [OWNER]: role(["*"]),
  "b24988ac-6180-42a0-ab88-20f7382dd24c": role(
    ["*"],
    [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  ),
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": role(["*/read"]),
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": role([`${ASSIGNMENTS}/write`, `${ASSIGNMENTS}/delete`, ...SUPPORT]),
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": role(["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"]),
};

export class Callers {
  constructor(
    private readonly ctx: SandboxContext,
    private readonly world: ManagedWorld,
  ) {}

  /** Subscriptions in which the caller has any role. */
  async subscriptions(request: Request): Promise<readonly Collaborator[]> {
    const { oid, tid } = await this.#verified(request);
    return this.ctx.world.collaborators.filter(
      (each) =>
        each.tenantId === tid && this.permissions(each, oid, `/subscriptions/${each.subscriptionId}/`).length > 0,
    );
  }

  /** The owner of the subscription in the path, and the caller. @throws ServiceError 401, 403 and 404 as the real one */
  async of(
    request: Request,
    action: string,
    scope = request.path,
  ): Promise<{ readonly owner: Collaborator; readonly oid: string }> {
    const { oid, tid } = await this.#verified(request);
    const subscription = request.params.subscription ?? "";
    const owner = this.ctx.world.collaborators.find((each) => each.subscriptionId === subscription.toLowerCase());
    if (owner === undefined) {
      const message = `The subscription '${subscription}' could not be found.`;
      throw new ServiceError(404, "SubscriptionNotFound", message);
    }
    if (owner.tenantId !== tid) {
      const message = `The access token is from the wrong issuer '${tid}'. It must match the tenant '${owner.tenantId}' associated with this subscription.`;
      throw new ServiceError(401, "InvalidAuthenticationTokenTenant", message);
    }
    if (!this.permissions(owner, oid, scope).some((each) => allows(each, action))) {
      const message = `The client '${oid}' with object id '${oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
      throw new ServiceError(403, "AuthorizationFailed", message);
    }
    return { owner, oid };
  }

  /**
   * One entry a role that the caller has at the scope or above.
   * @throws ServiceError 501 for roles whose control actions are not modelled, where nothing else is assigned
   */
  permissions({ userOid, subscriptionId }: Collaborator, oid: string, scope: string): readonly Permission[] {
    const owns = oid === userOid ? [OWNER] : [];
    const path = `${scope.toLowerCase().replace(/\/+$/, "")}/`;
    const assigned = this.world
      .roleAssignments()
      .filter((each) => each.principalId === oid && path.startsWith(`${each.scope.toLowerCase()}/`))
      .filter((each) => each.scope.toLowerCase().startsWith(`/subscriptions/${subscriptionId}`))
      .map(({ roleDefinitionId }) => roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase());
    const ids = [...new Set([...owns, ...assigned])];
    const known = ids.flatMap((id) => ROLES[id] ?? []);
    if (known.length === 0 && ids.length > 0) throw notModelled(`the control actions of role ${ids.join(", ")}`);
    return known;
  }

  async #verified(request: Request): Promise<{ readonly oid: string; readonly tid: string }> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined)
      throw unauthenticated("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    try {
      return await this.ctx.signIn.verify(token, { audience: AUDIENCES });
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      const code = error.fault === "expired" ? "ExpiredAuthenticationToken" : "InvalidAuthenticationToken";
      throw unauthenticated(code, error.message);
    }
  }
}

const unauthenticated = (code: string, message: string): ServiceError =>
  new ServiceError(401, code, message, { "www-authenticate": `Bearer error="invalid_token"` });

function allows({ actions, notActions }: Permission, action: string): boolean {
  const matches = (pattern: string): boolean => {
    const literal = pattern.split("*").map((part) => part.replace(/[.?+^$()|[\]{}\\]/g, "\\$&"));
    return new RegExp(`^${literal.join(".*")}$`, "i").test(action);
  };
  return actions.some(matches) && !notActions.some(matches);
}
