// Azure Resource Manager over HTTPS: reads what the cloud providers have made, and answers what is asked before anything
// is made: rights, resource providers, regions, quotas, names. It writes nothing; what it does not model it says.
import type { RoleAssignmentFacts } from "../facts";
import type { Records } from "../records";
import type { SandboxContext } from "../../context";
import { type Gate, odata, type RunningService, type Route, ServiceError, startService } from "../../http";
import { Callers } from "./callers";
import { notModelled } from "./errors";
import { nameRoutes } from "./names";
import { providerRoutes } from "./providers";
import { resourceRoutes } from "./resources";

/** What Azure Resource Manager asks of the clouds. */
export interface ManagedWorld {
  readonly records: Records;
  roleAssignments(): readonly RoleAssignmentFacts[];
}

/** What its routes share. */
export interface ManagerPart {
  readonly world: ManagedWorld;
  readonly callers: Callers;
  readonly clock: () => Date;
  /** The service's own. */
  readonly url: string;
}

export async function startResourceManager(
  ctx: SandboxContext,
  world: ManagedWorld,
  gate?: Gate,
): Promise<RunningService> {
  const port = await ctx.ports.get("resource-manager");
  const url = `https://localhost:${port}`;
  const part: ManagerPart = { world, callers: new Callers(ctx, world), clock: ctx.clock, url };
  const routes: readonly Route[] = [...resourceRoutes(part), ...providerRoutes(part), ...nameRoutes(part)];
  return startService({
    service: "resource-manager",
    port,
    tls: ctx.tls,
    gate,
    log: ctx.log,
    routes: routes.map((route) => ({ ...route, handler: versioned(route.handler) })),
    unmatched: (method, path) => odata(notModelled(`${method} ${path}`)),
  });
}

/** @throws ServiceError 400 as Azure Resource Manager answers a request without a version */
function versioned(handler: Route["handler"]): Route["handler"] {
  return (request) => {
    if (/^\d{4}-\d\d-\d\d(-preview)?$/.test(request.query.get("api-version") ?? "")) return handler(request);
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw new ServiceError(400, "MissingApiVersionParameter", message);
  };
}
