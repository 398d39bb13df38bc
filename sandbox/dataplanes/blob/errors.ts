// Refusals of blob storage in XML, of Data Lake Storage in JSON; the code is in a header, too.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

export class BlobError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function writeBlobError(response: ServerResponse, method: string | undefined, error: BlobError): void {
  const message = escape(messageOf(error));
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${message}</Message></Error>`;
  write(response, method, error, "application/xml", body);
}

/** What is not there has other names among paths. */
const pathCodes: Readonly<Record<string, string>> = {
  ContainerNotFound: "FilesystemNotFound",
  BlobNotFound: "PathNotFound",
};

export function writePathError(response: ServerResponse, method: string | undefined, error: BlobError): void {
  const code = pathCodes[error.code] ?? error.code;
  const body = JSON.stringify({ error: { code, message: messageOf(error) } });
  write(response, method, { ...error, code }, "application/json;charset=utf-8", body);
}

function messageOf({ message }: BlobError): string {
  return `${message}\nRequestId:${randomUUID()}\nTime:${new Date().toISOString()}`;
}

function write(
  response: ServerResponse,
  method: string | undefined,
  { status, code, headers }: Pick<BlobError, "status" | "code" | "headers">,
  contentType: string,
  body: string,
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": contentType,
    "content-length": method === "HEAD" ? 0 : Buffer.byteLength(body),
    "x-ms-error-code": code,
    "x-ms-request-id": randomUUID(),
    connection: "close",
  });
  response.end(method === "HEAD" ? undefined : body);
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
