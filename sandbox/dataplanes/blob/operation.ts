// What a request to blob storage would do, in Azure's terms: the data action and the resource that a role must cover.
import type { IncomingMessage } from "node:http";
import { parseTarget } from "../../http/request";
import { BlobError } from "./errors";

export interface Operation {
  readonly account: string;
  readonly container?: string;
  readonly blob?: string;
  /** Data action of Azure's role definitions; undefined: the sandbox does not model the operation. */
  readonly action?: string;
  /** Changes something. */
  readonly writes: boolean;
}

const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** Account, container and blob that a request names in its path. */
export function targetOf(request: IncomingMessage): Pick<Operation, "account" | "container" | "blob"> {
  const { path } = parseTarget(request.url ?? "/");
  const [account = "", container, ...rest] = path.split("/").slice(1).map(decode);
  return { account, container: container || undefined, blob: rest.join("/") || undefined };
}

export function operationOf(request: IncomingMessage): Operation {
  const { query } = parseTarget(request.url ?? "/");
  const method = request.method ?? "GET";
  const target = targetOf(request);
  const action = actionOf(method, target, query, request.headers["x-ms-copy-source"] !== undefined);
  return { ...target, action, writes: method !== "GET" && method !== "HEAD" };
}

function actionOf(
  method: string,
  { container, blob }: Pick<Operation, "container" | "blob">,
  query: URLSearchParams,
  copies: boolean,
): string | undefined {
  const reads = method === "GET" || method === "HEAD";
  const part = query.get("comp");
  if (container === undefined) return reads && part === "list" ? `${CONTAINERS}/read` : undefined;
  if (blob === undefined) {
    if (!reads) return undefined;
    if (part === "list") return `${CONTAINERS}/blobs/read`;
    return part === null ? `${CONTAINERS}/read` : undefined;
  }
  if (copies || part === "tags" || part === "query" || part === "acl") return undefined;
  if (reads) return `${CONTAINERS}/blobs/read`;
  if (method === "DELETE") return `${CONTAINERS}/blobs/delete`;
  return method === "PUT" ? `${CONTAINERS}/blobs/write` : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new BlobError(400, "InvalidUri", `The path segment ${JSON.stringify(segment)} is not encoded as a URI.`);
  }
}
