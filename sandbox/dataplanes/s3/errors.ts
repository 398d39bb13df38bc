// S3's refusals and answers: XML, with the codes of AWS's error reference.
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";

export class S3Error extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Elements that this code's answer has besides the usual ones. */
    readonly elements: XmlContent = {},
  ) {
    super(message);
  }
}

export const accessDenied = (message: string): S3Error => new S3Error(403, "AccessDenied", message);
export const invalidRequest = (message: string): S3Error => new S3Error(400, "InvalidRequest", message);

/** Element by element, in the order of the fields; lists repeat their element. */
export type XmlContent = { readonly [name: string]: XmlValue | readonly XmlValue[] | undefined };
type XmlValue = string | number | boolean | XmlContent;

export function xml(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content, ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')}`;
}

export function element(name: string, value: XmlValue, attributes = ""): string {
  const inner =
    typeof value === "object"
      ? Object.entries(value)
          .flatMap(([child, each]) => [each ?? []].flat().map((one) => element(child, one)))
          .join("")
      : String(value).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<${name}${attributes}>${inner}</${name}>`;
}

export function answerXml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(text),
    "x-amz-request-id": requestId(),
  });
  response.end(text);
}

export function answerError(
  response: ServerResponse,
  method: string | undefined,
  resource: string,
  error: S3Error,
): void {
  const id = requestId();
  const content = { Code: error.code, Message: error.message, ...error.elements, Resource: resource, RequestId: id };
  const body = method === "HEAD" ? "" : `<?xml version="1.0" encoding="UTF-8"?>\n${element("Error", content)}`;
  // What is left of the request's body is not read: the connection ends with the answer.
  response.writeHead(error.status, { "content-type": "application/xml", "x-amz-request-id": id, connection: "close" });
  response.end(body);
}

export const requestId = (): string => randomBytes(8).toString("hex").toUpperCase();
