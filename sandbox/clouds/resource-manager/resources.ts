// Subscriptions, resource groups, and every resource that is there, in Azure Resource Manager's own form.
import { notFound } from "../azure/arm";
import type { Resource } from "../records";
import { ok, type Request, type Route, ServiceError } from "../../http";
import type { Collaborator } from "../../world";
import type { ManagerPart } from "./index";

const IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";
const READ_GROUP = "Microsoft.Resources/subscriptions/resourceGroups/read";
const GROUP = "azure-native:resources:ResourceGroup";

export function resourceRoutes({ world, callers, url }: ManagerPart): readonly Route[] {
  const owned = (owner: Collaborator): readonly Resource[] =>
    world.records.all().filter((each) => each.owner === owner.name && each.type.startsWith("azure-native:"));
  const groups = (owner: Collaborator): readonly Resource[] => owned(owner).filter(({ type }) => type === GROUP);

  /** @throws ServiceError 404 */
  const required = (owner: Collaborator, wanted: string, group: string): Resource => {
    const resource = owned(owner).find(({ id }) => id.toLowerCase() === wanted.toLowerCase());
    if (resource !== undefined) return resource;
    if (!groups(owner).some(({ outputs }) => same(outputs.name, group))) throw noGroup(group);
    throw notFound(group, wanted.split(/\/providers\//i)[1] ?? wanted);
  };

  /** A provider's type and name, and those below it: the ids of resources have so many parts. */
  const depths = [1, 2, 3, 4].map((depth) =>
    Array.from({ length: depth }, (_, index) => `:type${index}/:name${index}`).join("/"),
  );
  const below = "/subscriptions/:subscription/resourcegroups/:group";
  return [
    {
      method: "GET",
      path: "/subscriptions",
      handler: async (request) => ok({ value: (await callers.subscriptions(request)).map(subscriptionOf) }),
    },
    {
      method: "GET",
      path: "/subscriptions/:subscription",
      handler: async (request) =>
        ok(subscriptionOf((await callers.of(request, "Microsoft.Resources/subscriptions/read")).owner)),
    },
    {
      method: "GET",
      path: "/subscriptions/:subscription/resourcegroups",
      handler: async (request) => {
        const { owner } = await callers.of(request, READ_GROUP);
        return ok({ value: groups(owner).map(presented) });
      },
    },
    {
      method: "GET",
      path: below,
      handler: async (request) => {
        const { owner } = await callers.of(request, READ_GROUP);
        const { group = "" } = request.params;
        const resource = groups(owner).find(({ outputs }) => same(outputs.name, group));
        if (resource === undefined) throw noGroup(group);
        return ok(presented(resource));
      },
    },
    ...depths.map((path): Route => ({
      method: "GET",
      path: `${below}/providers/:namespace/${path}`,
      handler: async (request) => {
        const { owner } = await callers.of(request, actionOf(request.path));
        return ok(presented(required(owner, request.path, request.params.group ?? "")));
      },
    })),
    {
      method: "GET",
      path: `${below}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/:name/federatedIdentityCredentials`,
      handler: async (request) => {
        const identity = request.path.slice(0, request.path.lastIndexOf("/"));
        const { owner } = await callers.of(request, `${IDENTITIES}/federatedIdentityCredentials/read`, identity);
        required(owner, identity, request.params.group ?? "");
        const inside = `${request.path.toLowerCase()}/`;
        return ok(
          pageOf(
            owned(owner).filter(({ id }) => id.toLowerCase().startsWith(inside)),
            request,
            url,
          ),
        );
      },
    },
    ...["", "/resourcegroups/:group"].map((scope): Route => ({
      method: "GET",
      path: `/subscriptions/:subscription${scope}/providers/Microsoft.Authorization/permissions`,
      handler: async (request) => {
        const { owner, oid } = await callers.of(request, "Microsoft.Authorization/permissions/read");
        return ok({ value: callers.permissions(owner, oid, request.path.split("/providers/")[0] ?? "") });
      },
    })),
  ];
}

function subscriptionOf({ subscriptionId, tenantId, name }: Collaborator): unknown {
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: `${name} subscription`,
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
  };
}

/** So many on one page. */
const PAGE = 10;

/** @param url the service's own */
function pageOf(all: readonly Resource[], { path, query }: Request, url: string): unknown {
  const skip = Number(query.get("$skiptoken") ?? 0);
  const next = `${url}${path}?api-version=${query.get("api-version") ?? ""}&$skiptoken=${skip + PAGE}`;
  return { value: all.slice(skip, skip + PAGE).map(presented), ...(skip + PAGE < all.length && { nextLink: next }) };
}

/** What stands beside `properties`. */
const ENVELOPE = new Set([
  "name",
  "type",
  "location",
  "tags",
  "sku",
  "kind",
  "identity",
  "zones",
  "etag",
  "systemData",
]);
/** What the provider calls otherwise than Azure Resource Manager does. */
const RENAMED: Readonly<Record<string, string>> = {
  enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
  networkRuleSet: "networkAcls",
};

/** The provider lifts properties to the top; here they are where they belong. */
function presented({ id, outputs }: Resource): unknown {
  const { azureApiVersion: _, properties, ...rest } = outputs;
  const entries = Object.entries(rest);
  return {
    id,
    ...Object.fromEntries(entries.filter(([key]) => ENVELOPE.has(key))),
    properties: {
      ...Object.fromEntries(
        entries.filter(([key]) => !ENVELOPE.has(key)).map(([key, value]) => [RENAMED[key] ?? key, value]),
      ),
      ...(properties as object | undefined),
    },
  };
}

/** `Microsoft.KeyVault/vaults/read`, of the last provider in the path. */
function actionOf(path: string): string {
  const [namespace = "", ...rest] = path.slice(path.toLowerCase().lastIndexOf("/providers/") + 11).split("/");
  return `${namespace}/${rest.filter((_, index) => index % 2 === 0).join("/")}/read`;
}

const same = (a: unknown, b: string): boolean => typeof a === "string" && a.toLowerCase() === b.toLowerCase();

const noGroup = (group: string): ServiceError =>
  new ServiceError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
