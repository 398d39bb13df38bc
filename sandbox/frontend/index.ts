// The workload frontend: what collaborators publish through. It keeps nothing; governance does.
import type { SignIn, Tls } from "../context";
import type { RunningGovernance } from "../governance";
import type { Home } from "../home";
import { empty, type Gate, odata, type Route, type RunningService, ServiceError, startService } from "../http";
import type { Services } from "./action";
import { collaborationRoutes } from "./collaboration";
import { documentRoutes } from "./documents";
import { Membership } from "./membership";

export interface FrontendOptions {
  readonly home: Home;
  readonly tls: Tls;
  readonly signIn: SignIn;
  readonly governance: RunningGovernance;
  readonly gate?: Gate;
  readonly log: (message: string) => void;
}

export async function startFrontend({
  home,
  tls,
  signIn,
  governance,
  gate,
  log,
}: FrontendOptions): Promise<RunningService> {
  const services: Services = { governance, membership: new Membership(governance, signIn) };
  const ready: Route = { method: "GET", path: "/ready", handler: () => empty() };
  return startService({
    service: "frontend",
    port: await home.get("frontend"),
    tls,
    gate,
    log,
    routes: [ready, ...documentRoutes(services), ...collaborationRoutes(services)],
    unexpected: (error) => {
      const { name, message } = error as Error;
      return odata(new ServiceError(500, name, message));
    },
  });
}
