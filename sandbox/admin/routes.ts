// The routes of the sandbox's control.
import type { FabricGrant } from "../dataplanes/onelake";
import { type FaultRule, FaultRuleError } from "../faults";
import type { Change } from "../governance";
import { empty, ok, type Request, type Route, ServiceError } from "../http";
import type { AdminFace, ReadOptions, Status } from "./face";

type Use = (face: AdminFace, request: Request) => Promise<unknown>;

export function adminRoutes(face: () => AdminFace | undefined): Route[] {
  const starting: Status = { pid: process.pid, state: "starting", addresses: {} };
  const route = (method: Route["method"], path: string, use: Use): Route => ({
    method,
    path: `/admin${path}`,
    handler: async (request) => {
      const ready = face();
      if (ready === undefined) throw new ServiceError(503, "Starting", "The sandbox is starting.");
      const answer = await refusingFaults(() => use(ready, request));
      return answer === undefined ? empty(204) : ok(answer);
    },
  });
  return [
    { method: "GET", path: "/admin/status", handler: () => ok(face()?.status() ?? starting) },
    route("GET", "/env/:name", (admin, { params }) => admin.env(params.name ?? "")),
    route("POST", "/read/:document", async (admin, request) =>
      admin.read(request.params.document ?? "", (await request.json()) as ReadOptions),
    ),
    route("PUT", "/policy", async (admin, request) => {
      const { hostData } = (await request.json()) as { hostData?: unknown };
      if (!Array.isArray(hostData) || !hostData.every((each) => /^[0-9a-f]{64}$/.test(String(each)))) {
        throw new ServiceError(
          400,
          "InvalidHostData",
          "hostData must be a list of 64 lower-case hexadecimal digits each.",
        );
      }
      await admin.setPolicy(hostData as string[]);
    }),
    route("POST", "/signing-key", (admin) => admin.rotateSigningKey()),
    route("PUT", "/users/:oid", async (admin, request) => {
      const { tenantId, identifier } = (await request.json()) as { tenantId?: string; identifier?: string };
      if (typeof tenantId !== "string") throw new ServiceError(400, "TenantIdMissing", "tenantId must be given.");
      await admin.putUser(request.params.oid ?? "", { tenantId, identifier });
    }),
    route("DELETE", "/users/:oid", (admin, { params }) => admin.removeUser(params.oid ?? "")),
    route("POST", "/ledger", async (admin, request) => admin.change((await request.json()) as Change)),
    route("GET", "/ledger", (admin) => admin.ledger()),
    route("PUT", "/fabric", async (admin, request) => {
      const grant = (await request.json()) as FabricGrant;
      try {
        await admin.giveFabricRight(grant);
      } catch (error) {
        if (error instanceof RangeError) throw new ServiceError(404, "WorkspaceNotFound", error.message);
        throw error;
      }
    }),
    route("POST", "/faults", async (admin, request) => admin.addFault((await request.json()) as FaultRule)),
    route("GET", "/faults", (admin) => admin.faults()),
    route("DELETE", "/faults", (admin) => admin.clearFaults()),
    route("DELETE", "/faults/:id", (admin, { params }) => admin.clearFaults(params.id)),
  ];
}

async function refusingFaults<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof FaultRuleError) throw new ServiceError(400, "InvalidFault", error.message);
    throw error;
  }
}
