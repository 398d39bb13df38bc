// Data Lake Storage's operations on paths, carried out on the emulator's blobs: a file is a block blob that grows by blocks
// named after their position, a directory an empty blob that is marked as one, as Azure itself shows them to blob clients.
import { IncomingMessage, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Answer } from "../../http";
import { HeldResponse } from "../held-response";
import type { PathOperation } from "./data-lake-operation";
import { pathsBelow } from "./data-lake-paths";
import type { Emulator } from "./emulator";
import { BlobError } from "./errors";
import { type BlobModel, FOLDER, isFolder } from "./stored";

interface Exchange {
  readonly operation: PathOperation;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Headers = Readonly<Record<string, string | undefined>>;

export class DataLake {
  constructor(private readonly emulator: Emulator) {}

  /** @throws BlobError for what the service refuses */
  async serve(operation: PathOperation, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = { operation, request, response };
    switch (operation.act) {
      case "create":
        return this.create(exchange);
      case "append":
        return this.append(exchange);
      case "flush":
        return this.flush(exchange);
      case "delete":
        return this.delete(exchange);
      case "list":
        return this.list(exchange);
      case "status":
        return this.status(exchange);
      case undefined:
        throw new BlobError(501, "NotImplemented", "The sandbox does not model this operation on paths.");
    }
  }

  /** The directories that a path lies in: where names are hierarchical, they are there as soon as it is. */
  async ensureParents(account: string, container: string, blob: string): Promise<void> {
    const parts = blob.split("/").slice(0, -1);
    for (const [index] of parts.entries()) {
      const name = parts.slice(0, index + 1).join("/");
      const found = await this.emulator.stored.find(account, container, name);
      if (found !== undefined && !isFolder(found)) throw pathConflict();
      if (found === undefined) await this.put(urlOf(account, container, name), { [`x-ms-meta-${FOLDER}`]: "true" });
    }
  }

  private async create({ operation, request, response }: Exchange): Promise<void> {
    const { account, container, blob = "", query } = operation;
    const { headers } = request;
    await drained(request);
    const wantsFolder = query.get("resource") === "directory";
    const before = await this.emulator.stored.find(account, container, blob);
    if (before !== undefined && headers["if-none-match"] === "*") {
      throw new BlobError(409, "PathAlreadyExists", "The specified path already exists.");
    }
    if (before !== undefined && isFolder(before) !== wantsFolder) throw pathConflict();
    await this.ensureParents(account, container, blob);
    const folder = wantsFolder ? { [`x-ms-meta-${FOLDER}`]: "true" } : {};
    const given = { ...contentHeaders(request), ...metadataOf(request), ...folder };
    // A directory that is made again keeps what is in it.
    const answer = await this.put(urlOf(account, container, blob), given);
    respond(response, answer, 201);
  }

  private async append({ operation, request, response }: Exchange): Promise<void> {
    const { account, container, blob = "", query } = operation;
    await this.fileAt(operation);
    const id = Buffer.from(String(positionOf(query)).padStart(16, "0")).toString("base64");
    request.method = "PUT";
    request.url = `${urlOf(account, container, blob)}?comp=block&blockid=${encodeURIComponent(id)}`;
    const held = new HeldResponse(request);
    await this.emulator.serve(request, held.response);
    respond(response, await held.answer(), 202);
  }

  private async flush({ operation, request, response }: Exchange): Promise<void> {
    const { account, container, blob = "", query } = operation;
    await drained(request);
    const file = await this.fileAt(operation);
    const position = positionOf(query);
    const { contentLength: committed = 0, contentType } = file.properties;
    const kept = file.committedBlocksInOrder ?? [];
    if (kept.reduce((sum, { size }) => sum + size, 0) !== committed) {
      const why = "The sandbox does not model appending to a file that was uploaded in one piece as a blob.";
      throw new BlobError(501, "NotImplemented", why);
    }
    const waiting = (await this.emulator.stored.uncommitted(account, container, blob))
      .map((block) => ({ ...block, start: Number(Buffer.from(block.name, "base64").toString()) }))
      .filter(({ start }) => start >= committed && start < position)
      .sort((a, b) => a.start - b.start);
    const end = waiting.reduce((at, { start, size }) => (start === at ? at + size : NaN), committed);
    if (end !== position) {
      const why =
        "The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.";
      throw new BlobError(400, "InvalidFlushPosition", why);
    }
    const list = [...kept, ...waiting].map(({ name }) => `<Latest>${name}</Latest>`).join("");
    const properties = { "x-ms-blob-content-type": contentType, ...contentHeaders(request), ...metadataHeaders(file) };
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
    const url = `${urlOf(account, container, blob)}?comp=blocklist`;
    respond(response, await this.ask("PUT", url, properties, body), 200);
  }

  private async delete({ operation, request, response }: Exchange): Promise<void> {
    const { account, container, blob = "", query } = operation;
    await drained(request);
    const { stored } = this.emulator;
    const found = await stored.find(account, container, blob);
    const inside = await stored.below(account, container, `${blob}/`);
    if (found === undefined && inside.length === 0) throw pathNotFound();
    if (inside.length > 0 && query.get("recursive") !== "true") {
      const why = "The recursive query parameter value must be true to delete a non-empty directory.";
      throw new BlobError(409, "DirectoryNotEmpty", why);
    }
    const names = [...inside.map(({ name }) => name), ...(found === undefined ? [] : [blob])];
    let last: Answer | undefined;
    for (const name of names) last = await this.ask("DELETE", urlOf(account, container, name), {});
    if (last !== undefined) respond(response, { ...last, headers: {} }, 200);
  }

  private async list({ operation, response }: Exchange): Promise<void> {
    const { account, container, query } = operation;
    const directory = (query.get("directory") ?? "").replace(/^\/+|\/+$/g, "");
    const { stored } = this.emulator;
    const prefix = directory === "" ? "" : `${directory}/`;
    const inside = await stored.below(account, container, prefix);
    if (directory !== "" && inside.length === 0 && !(await stored.find(account, container, directory))) {
      throw pathNotFound();
    }
    const limit = Math.min(Number(query.get("maxResults") ?? 5000), 5000);
    const page = pathsBelow(inside, prefix, query.get("recursive") === "true", limit, query.get("continuation") ?? "");
    const body = JSON.stringify({ paths: page.paths });
    response.writeHead(200, {
      "content-type": "application/json;charset=utf-8",
      "content-length": Buffer.byteLength(body),
      ...(page.next !== undefined && { "x-ms-continuation": page.next }),
    });
    response.end(body);
  }

  private async status({ operation, response }: Exchange): Promise<void> {
    const { account, container, blob = "" } = operation;
    const found = await this.emulator.stored.find(account, container, blob);
    if (found === undefined) throw pathNotFound();
    const { etag, lastModified, contentLength = 0 } = found.properties;
    response.writeHead(200, {
      etag: `"${etag.replaceAll('"', "")}"`,
      "last-modified": new Date(lastModified).toUTCString(),
      "content-length": contentLength,
      "x-ms-resource-type": isFolder(found) ? "directory" : "file",
    });
    response.end();
  }

  /** @throws BlobError 404 PathNotFound, 409 PathConflict for a directory */
  private async fileAt({ account, container, blob = "" }: PathOperation): Promise<BlobModel> {
    const found = await this.emulator.stored.find(account, container, blob);
    if (found === undefined) throw pathNotFound();
    if (isFolder(found)) throw pathConflict();
    return found;
  }

  private put(url: string, headers: Headers): Promise<Answer> {
    return this.ask("PUT", url, { "x-ms-blob-type": "BlockBlob", ...headers }, "");
  }

  /** A request of our own to the emulator. @throws BlobError when it refuses */
  private async ask(method: string, url: string, headers: Headers, body?: string): Promise<Answer> {
    const request = new IncomingMessage(new Socket());
    const known = Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    Object.assign(request, { method, url, httpVersion: "1.1" });
    request.headers = { host: "localhost", "x-ms-version": "2021-12-02", ...length, ...Object.fromEntries(known) };
    request.rawHeaders = Object.entries(request.headers).flat() as string[];
    if (body) request.push(body);
    request.push(null);
    const held = new HeldResponse(request);
    await this.emulator.serve(request, held.response);
    const answer = await held.answer();
    if (answer.status < 400) return answer;
    const code = String(answer.headers?.["x-ms-error-code"] ?? "InternalError");
    throw new BlobError(answer.status, code, `The emulator refused ${method} of a blob with ${code}.`);
  }
}

const pathNotFound = (): BlobError => new BlobError(404, "PathNotFound", "The specified path does not exist.");
const pathConflict = (): BlobError =>
  new BlobError(
    409,
    "PathConflict",
    "The specified path, or an element of the path, exists and its type is invalid for this operation.",
  );

const urlOf = (account: string, container: string, blob: string): string =>
  `/${account}/${container}/${blob.split("/").map(encodeURIComponent).join("/")}`;

function positionOf(query: URLSearchParams): number {
  const position = Number(query.get("position") ?? NaN);
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new BlobError(400, "InvalidQueryParameterValue", "The position must be a number of bytes.");
}

/** Content headers of paths, by the names that blobs have for them. */
function contentHeaders({ headers }: IncomingMessage): Headers {
  const names = ["content-type", "content-encoding", "content-language", "content-disposition", "cache-control"];
  const given = names.filter((name) => headers[`x-ms-${name}`] !== undefined);
  return Object.fromEntries(given.map((name) => [`x-ms-blob-${name}`, String(headers[`x-ms-${name}`])]));
}

/** `x-ms-properties: name=base64,name=base64` */
function metadataOf({ headers }: IncomingMessage): Headers {
  const given = headers["x-ms-properties"];
  const pairs = typeof given === "string" ? given.split(",") : [];
  return Object.fromEntries(
    pairs
      .map((pair) => /^\s*([^=]+)=(.*)$/s.exec(pair))
      .filter((each) => each !== null)
      .map(([, name, value]) => [`x-ms-meta-${name}`, Buffer.from(value ?? "", "base64").toString("utf8")]),
  );
}

/** A list of blocks would write a file's metadata anew: it is given what is there. */
const metadataHeaders = ({ metadata }: BlobModel): Headers =>
  Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [`x-ms-meta-${name}`, value]));

async function drained(request: IncomingMessage): Promise<void> {
  for await (const chunk of request) void chunk;
}

/** The emulator's answer, as that of a path: its headers, without a body. */
function respond(response: ServerResponse, answer: Answer, status: number): void {
  if (answer.status >= 400) {
    response.writeHead(answer.status, answer.headers).end(answer.bytes);
    return;
  }
  const kept = [
    "etag",
    "last-modified",
    "x-ms-request-id",
    "x-ms-version",
    "x-ms-encryption-key-sha256",
    "content-md5",
  ];
  const headers = Object.entries(answer.headers ?? {}).filter(([name]) => kept.includes(name));
  response.writeHead(status, { ...Object.fromEntries(headers), "content-length": 0 }).end();
}
