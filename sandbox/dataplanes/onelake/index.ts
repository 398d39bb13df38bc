// A stand-in for OneLake: workspaces and a lakehouse at `https://<host>/<workspace>/<item>/Files/…`, by the faces of data
// lake and blob storage at one address. As OneLake does, it lets nobody change workspace, item and managed folders, knows
// Fabric's rights instead of Azure's roles, and passes over keys that a request brings. Files are kept by the emulator of
// blob storage. Not modelled: ids for names, shortcuts, tables, OneLake's own data access roles.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SandboxContext } from "../../context";
import type { Gate } from "../../http";
import { parseTarget } from "../../http/request";
import { callerOf } from "../blob/authorise";
import { BlobError } from "../blob/errors";
import type { Operation } from "../blob/operation";
import type { Serving } from "../blob/serving";
import { startRawService } from "../raw-server";
import { Fabric, LAKEHOUSE, MANAGED_FOLDERS } from "./fabric";

export { LAKEHOUSE, workspaceOf, type FabricGrant, type FabricRight } from "./fabric";

/** OneLake is one account for the whole of it. */
const ACCOUNT = "onelake";
const CUSTOMER_KEY = ["x-ms-encryption-key", "x-ms-encryption-key-sha256", "x-ms-encryption-algorithm"];

export interface OneLake {
  /** `https://localhost:<port>`, in place of `https://onelake.dfs.fabric.microsoft.com`. */
  readonly url: string;
  readonly fabric: Fabric;
  stop(): Promise<void>;
}

export async function startOneLake(ctx: SandboxContext, serving: Serving, gate?: Gate): Promise<OneLake> {
  const fabric = await Fabric.open(`${ctx.dir}/fabric.jsonl`);
  const handler = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.url = `/${ACCOUNT}${request.url ?? "/"}`;
    passOverKeys(request, response);
    return serving.paths(request, response, (operation) => authorise(ctx, fabric, request, operation));
  };
  const log = (line: string): void => ctx.log(line);
  const port = await ctx.ports.get("onelake");
  const service = await startRawService({ service: "OneLake", port, tls: ctx.tls, handler, gate, log });
  return {
    url: service.url,
    fabric,
    stop: async () => {
      await service.close();
      await fabric.close();
    },
  };
}

async function authorise(
  ctx: SandboxContext,
  fabric: Fabric,
  request: IncomingMessage,
  { container: workspace, blob, writes, action }: Operation,
): Promise<{ readonly hierarchical: boolean }> {
  const owner = workspace === undefined ? undefined : fabric.owner(workspace);
  if (workspace === undefined || owner === undefined) {
    throw new BlobError(404, "WorkspaceNotFound", `There is no workspace ${JSON.stringify(workspace ?? "")}.`);
  }
  const oid = await callerOf(ctx, owner.tenantId, request);
  const path = blob ?? directoryOf(request);
  if (action === undefined || action.endsWith("/containers/read")) {
    throw new BlobError(
      400,
      "OperationNotAllowedOnThePath",
      `${request.method} on ${path === "" ? "a workspace" : path} is not one of OneLake's, or not modelled by the sandbox.`,
    );
  }
  const [item, managed, ...rest] = path.split("/");
  if (item !== "" && item !== LAKEHOUSE) {
    throw new BlobError(404, "ArtifactNotFound", `Workspace ${workspace} has no item ${item}; it has ${LAKEHOUSE}.`);
  }
  const inItem = MANAGED_FOLDERS.includes(managed ?? "");
  if (managed !== undefined && !inItem) {
    throw new BlobError(404, "PathNotFound", `${LAKEHOUSE} has the folders ${MANAGED_FOLDERS.join(" and ")}.`);
  }
  if (writes && (!inItem || rest.length === 0)) {
    throw new BlobError(403, "OperationNotAllowedOnThePath", `${path} is managed by Fabric; write to what is in it.`);
  }
  if (!fabric.may(oid, workspace, writes)) {
    const wanted = writes ? "the role Contributor of the workspace" : `ReadAll of ${LAKEHOUSE}`;
    throw new BlobError(
      403,
      "Forbidden",
      `Caller ${oid} may not ${writes ? "write" : "read"} ${workspace}: it lacks ${wanted}.`,
    );
  }
  return { hierarchical: true };
}

/** What a listing is of, by either face. */
function directoryOf(request: IncomingMessage): string {
  const { query } = parseTarget(request.url ?? "/");
  return (query.get("directory") ?? query.get("prefix") ?? "").replace(/^\/+|\/+$/g, "");
}

/** The data would be kept without the key; who sent it is told by a header. */
function passOverKeys(request: IncomingMessage, response: ServerResponse): void {
  const rejected = CUSTOMER_KEY.filter((name) => request.headers[name] !== undefined);
  for (const name of rejected) delete request.headers[name];
  if (rejected.length > 0) response.setHeader("x-ms-rejected-headers", rejected.join(","));
}
