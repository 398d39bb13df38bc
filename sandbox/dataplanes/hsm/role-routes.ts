// Role assignments of a Managed HSM: `PUT /{scope}/providers/Microsoft.Authorization/roleAssignments/{name}`, read and
// removed in the same place.
import { ok, type Request, type Route, ServiceError } from "../../http";
import { Body } from "../vault/body";
import { badParameter } from "../vault/errors";
import { isRole, type Assignment, type LocalRoles } from "./roles";

const PATH = "providers/Microsoft.Authorization/roleAssignments";
/** The scopes that there are; clients write the root's with two slashes. */
const SCOPES = ["", "/", "/keys", "/keys/:key"];
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

interface Part {
  readonly hsm: string;
  readonly roles: LocalRoles;
  readonly authorise: (request: Request, action: string, scope: string) => Promise<void>;
}

export function roleRoutes({ hsm, roles, authorise }: Part): Route[] {
  const scopeOf = (request: Request, path: string): string => {
    const { key } = request.params as { readonly key?: string };
    return path === "" || path === "/" ? "/" : path.replace(":key", key ?? "");
  };
  const find = (scope: string, name: string): Assignment => {
    const found = roles.of(hsm).find((each) => each.name === name && each.scope === scope);
    if (found === undefined) {
      throw new ServiceError(
        404,
        "RoleAssignmentNotFound",
        `Requested role assignment not found (Activity ID: ${name})`,
      );
    }
    return found;
  };
  return SCOPES.flatMap((path): Route[] => {
    const at = `${path === "/" ? "/" : path}/${PATH}/:name`;
    const put = async (request: Request) => {
      const scope = scopeOf(request, path);
      await authorise(request, "roleAssignments/write/action", scope);
      const { name } = request.params;
      const properties = (await Body.of(request)).object("properties");
      const [roleDefinitionId, principalId] = [properties?.text("roleDefinitionId"), properties?.text("principalId")];
      if (roleDefinitionId === undefined || principalId === undefined) throw badParameter("properties is missing");
      if (!GUID.test(name)) throw badParameter(`The role assignment name ${JSON.stringify(name)} must be a GUID`);
      if (!isRole(roleDefinitionId)) {
        throw new ServiceError(404, "RoleDefinitionNotFound", `The role definition ${roleDefinitionId} is not found`);
      }
      const same = (each: Assignment): boolean =>
        each.name === name ||
        (each.scope === scope && each.roleDefinitionId === roleDefinitionId && each.principalId === principalId);
      if (roles.of(hsm).some(same)) {
        throw new ServiceError(409, "RoleAssignmentExists", "The role assignment already exists.");
      }
      const made = { name, scope, roleDefinitionId, principalId };
      await roles.assign(hsm, made);
      return { ...ok(answer(made)), status: 201 };
    };
    const get = async (request: Request) => {
      const scope = scopeOf(request, path);
      await authorise(request, "roleAssignments/read/action", scope);
      return ok(answer(find(scope, request.params.name)));
    };
    const remove = async (request: Request) => {
      const scope = scopeOf(request, path);
      await authorise(request, "roleAssignments/delete/action", scope);
      const found = find(scope, request.params.name);
      await roles.remove(hsm, found.name);
      return ok(answer(found));
    };
    return [
      { method: "PUT", path: at, handler: put },
      { method: "GET", path: at, handler: get },
      { method: "DELETE", path: at, handler: remove },
    ];
  });
}

function answer({ name, ...properties }: Assignment): object {
  const type = "Microsoft.Authorization/roleAssignments";
  return { id: `/providers/${type}/${name}`, name, type, properties };
}
