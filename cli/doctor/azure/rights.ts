// Whether the caller may create, and later delete, what the stack has in Azure.
import { type Found, looked, ok, problem, some, unchecked, warning } from "../check";
import type { Need } from "../needs";
import type { Permission } from "./arm";
import { KINDS } from "./kinds";
import { existingGroups, groupOf, type Site, subscriptionScope } from "./site";

const WHAT = "rights";
const GROUP = "azure-native:resources:ResourceGroup";
const REMEDY = "ask for Microsoft.Authorization/permissions/read, which Reader has";

/** What is needed at one scope: a resource group that is there, or the subscription for what is still to be made. */
interface Scope {
  readonly scope: string;
  readonly needed: readonly string[];
  readonly toDelete: readonly string[];
}

export async function checkRights(site: Site): Promise<readonly Found[]> {
  const unknown = [...new Set(site.needed.map(({ type }) => type))].filter((type) => KINDS.of(type) === undefined);
  const found = await Promise.all(
    scopesOf(site).map((each) =>
      looked(WHAT, REMEDY, async () => compare(each, await site.arm.permissions(each.scope), site)),
    ),
  );
  const why = `this release does not know which rights ${some(unknown)} takes`;
  const rest = unknown.length === 0 ? [] : [unchecked(WHAT, why, "see Azure's resource provider operations")];
  return [...found.flat(), ...rest];
}

function scopesOf(site: Site): readonly Scope[] {
  const existing = existingGroups(site);
  // Where a role is to be assigned is not known before what it is about is there.
  const scopes = new Map<string, Need[]>();
  const everywhere: Need[] = [];
  for (const need of site.needed) {
    const group = groupOf(need);
    if (need.type !== GROUP && group === "" && need.inputs.scope === undefined && site.needed.some(groupOf)) {
      everywhere.push(need);
      continue;
    }
    const isThere = need.type !== GROUP && existing.includes(group);
    const scope = `${subscriptionScope(site)}${isThere ? `/resourceGroups/${group}` : ""}`;
    scopes.set(scope, [...(scopes.get(scope) ?? []), need]);
  }
  return [...scopes].map(([scope, needs]) => {
    const kinds = [...needs, ...everywhere].flatMap(({ type }) => KINDS.of(type) ?? []);
    const unique = (actions: readonly string[]): readonly string[] => [...new Set(actions)].sort();
    return {
      scope,
      needed: unique(kinds.flatMap((each) => each.needed)),
      toDelete: unique(kinds.flatMap((each) => each.toDelete)),
    };
  });
}

function compare({ scope, needed, toDelete }: Scope, permissions: readonly Permission[], site: Site): Found {
  const allowed = (action: string): boolean => permissions.some((each) => allows(each, action));
  const missing = needed.filter((action) => !allowed(action));
  if (missing.length > 0) {
    const found = `on ${scope}, ${missing.length} of ${needed.length} actions are missing: ${some(missing)}`;
    return problem(WHAT, found, remedyFor(missing, scope, site));
  }
  const undeletable = toDelete.filter((action) => !allowed(action));
  if (undeletable.length > 0) {
    const found = `on ${scope}, pulumi destroy would fail for want of ${some(undeletable)}`;
    return warning(WHAT, found, remedyFor(undeletable, scope, site));
  }
  const conditional = needed.filter(
    (action) => !permissions.some((each) => !each.isConditional && allows(each, action)),
  );
  if (conditional.length > 0) {
    const why = `on ${scope}, ${some(conditional)} is given under a condition, which may exclude the roles that the components assign`;
    return unchecked(WHAT, why, "compare the condition with the roles in docs/azure.md");
  }
  return ok(WHAT, `on ${scope}, all ${needed.length + toDelete.length} actions`);
}

/** Contributor has everything but the assignment of roles and the setting of locks. */
function remedyFor(missing: readonly string[], scope: string, { caller }: Site): string {
  const ours = (role: string): string =>
    `az role assignment create --assignee-object-id ${caller.oid} --assignee-principal-type ${caller.type} --role "${role}" --scope ${scope}`;
  const of = (type: string): boolean => missing.some((action) => action.startsWith(`Microsoft.Authorization/${type}/`));
  const roles = [
    ...(missing.some((action) => !action.startsWith("Microsoft.Authorization/")) ? ["Contributor"] : []),
    ...(of("roleAssignments") ? ["Role Based Access Control Administrator"] : []),
    ...(of("locks") ? ["Locks Contributor"] : []),
  ];
  return [...roles.map(ours), "or the custom role of docs/azure.md, which has no other action"].join("\n");
}

function allows({ actions, notActions }: Permission, action: string): boolean {
  const matches = (pattern: string): boolean => expression(pattern).test(action);
  return actions.some(matches) && !notActions.some(matches);
}

/** `*` stands for any run of characters; upper and lower case are the same. */
function expression(pattern: string): RegExp {
  const literal = pattern.split("*").map((part) => part.replace(/[.?+^$()|[\]{}\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "i");
}
