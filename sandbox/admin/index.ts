// The sandbox's own control: what its command line, the demo and tests ask of a running sandbox. It listens first, so
// that its port is also the lock that keeps a second sandbox off the same folder.
import { timingSafeEqual } from "node:crypto";
import type { Tls } from "../context";
import type { Home } from "../home";
import { type Handler, type Route, type RunningService, ServiceError, startService } from "../http";
import type { AdminFace } from "./face";
import { adminRoutes } from "./routes";

export { AdminClient } from "./client";
export type { FabricGrant } from "../dataplanes/onelake";
export type { AdminFace, ReadOptions, ReadResult, ReadStep, Status } from "./face";

export const SECRET_HEADER = "x-sandbox-admin";

/** @param face what the routes act on; undefined while the sandbox is starting */
export async function startAdmin(
  home: Home,
  tls: Tls,
  face: () => AdminFace | undefined,
  log: (message: string) => void,
): Promise<RunningService> {
  const port = await home.get("admin");
  return startService({
    service: "admin",
    port,
    tls,
    log,
    routes: adminRoutes(face).map((route) => guarded(route, home)),
  });
}

function guarded(route: Route, { adminSecret }: Home): Route {
  const handler: Handler = (request) => {
    const given = Buffer.from(String(request.headers[SECRET_HEADER] ?? ""));
    const expected = Buffer.from(adminSecret);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      const message = `The ${SECRET_HEADER} header is not the adminSecret of this sandbox's sandbox.json.`;
      throw new ServiceError(401, "NotAdmin", message);
    }
    return route.handler(request);
  };
  return { ...route, handler };
}
