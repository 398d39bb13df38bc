// Blob storage's refusals: XML, with the code in a header, too.
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
  const requestId = randomUUID();
  const message = `${escape(error.message)}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${error.code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(error.status, {
    ...error.headers,
    "content-type": "application/xml",
    "content-length": method === "HEAD" ? 0 : Buffer.byteLength(body),
    "x-ms-error-code": error.code,
    "x-ms-request-id": requestId,
    connection: "close",
  });
  response.end(method === "HEAD" ? undefined : body);
}

const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
