// What a request to the Data Lake endpoint would do: one of its own operations on paths, or undefined for one of blob
// storage, which its clients send there, too.
import type { IncomingMessage } from "node:http";
import { parseTarget } from "../../http/request";
import { type Operation, targetOf } from "./operation";

export type PathAct = "create" | "append" | "flush" | "delete" | "list" | "status";

export interface PathOperation extends Operation {
  readonly container: string;
  /** Left out where the sandbox does not model what is asked for. */
  readonly act?: PathAct;
  readonly query: URLSearchParams;
}

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

const actions: Readonly<Record<PathAct, string>> = {
  create: `${BLOBS}/write`,
  append: `${BLOBS}/write`,
  flush: `${BLOBS}/write`,
  delete: `${BLOBS}/delete`,
  list: `${BLOBS}/read`,
  status: `${BLOBS}/read`,
};

export function pathOperationOf(request: IncomingMessage): PathOperation | undefined {
  const { query } = parseTarget(request.url ?? "/");
  const { account, container, blob } = targetOf(request);
  if (container === undefined || !isOfPaths(request, query, blob)) return undefined;
  const act = actOf(request, query, blob);
  const writes = act !== "list" && act !== "status";
  return { account, container, blob, query, writes, act, action: act && actions[act] };
}

function isOfPaths({ method, headers }: IncomingMessage, query: URLSearchParams, blob: string | undefined): boolean {
  if (blob === undefined) return query.has("resource");
  if (headers["x-ms-rename-source"] !== undefined || method === "PATCH" || method === "DELETE") return true;
  return query.has("resource") || query.has("action");
}

function actOf({ method, headers }: IncomingMessage, query: URLSearchParams, blob?: string): PathAct | undefined {
  const action = query.get("action");
  if (blob === undefined) return method === "GET" && query.get("resource") === "filesystem" ? "list" : undefined;
  if (headers["x-ms-rename-source"] !== undefined) return undefined;
  if (method === "PUT") return ["file", "directory"].includes(query.get("resource") ?? "") ? "create" : undefined;
  if (method === "PATCH") return action === "append" || action === "flush" ? action : undefined;
  if (method === "HEAD") return action === "getStatus" ? "status" : undefined;
  return method === "DELETE" ? "delete" : undefined;
}
