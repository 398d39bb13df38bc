// Bucket and key of a request, by path (`/bucket/key`) or by host (`bucket.localhost`), and what it asks for.
import type { IncomingMessage } from "node:http";

export interface Address {
  readonly bucket: string;
  /** Empty: the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
}

export function addressOf(request: IncomingMessage): Address {
  const [path, search = ""] = (request.url ?? "/").split("?", 2);
  const query = new URLSearchParams(search);
  const segments = path.split("/").slice(1).map(decodeURIComponent);
  const byHost = /^(.+)\.localhost(:\d+)?$/.exec(request.headers.host ?? "")?.[1];
  const [bucket = "", ...rest] = byHost === undefined ? segments : [byHost, ...segments];
  return { bucket, key: rest.join("/"), query };
}
