// Answers of AWS's query services (IAM, STS): XML, each in its own namespace, refusals with the codes of its reference.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ServiceError } from "../../http";
import type { S3Error } from "../s3/errors";
import { element, type XmlContent } from "../s3/errors";

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
};

export const namespaceOf = (service: string): string => NAMESPACES[service] ?? NAMESPACES.iam;

export function answerResult(response: ServerResponse, service: string, action: string, result?: XmlContent): void {
  const id = randomUUID();
  const content = { ...(result && { [`${action}Result`]: result }), ResponseMetadata: { RequestId: id } };
  write(response, 200, id, element(`${action}Response`, content, ` xmlns="${namespaceOf(service)}"`));
}

export function answerRefusal(response: ServerResponse, service: string, error: ServiceError | S3Error): void {
  const id = randomUUID();
  const { status, code, message } = translated(error);
  const content = {
    Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message },
    RequestId: id,
  };
  write(response, status, id, element("ErrorResponse", content, ` xmlns="${namespaceOf(service)}"`));
}

/** What the check of a signature says in S3's codes, in those of the query services. */
function translated({ status, code, message }: ServiceError | S3Error): Pick<S3Error, "status" | "code" | "message"> {
  switch (code) {
    case "InvalidAccessKeyId":
      return {
        status,
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid.",
      };
    case "AuthorizationHeaderMalformed":
      return { status: 403, code: "IncompleteSignature", message };
    case "RequestTimeTooSkewed":
      return { status, code: "SignatureDoesNotMatch", message: `Signature expired or not yet current: ${message}` };
    default:
      return { status, code, message };
  }
}

function write(response: ServerResponse, status: number, id: string, text: string): void {
  response.writeHead(status, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": id,
    ...(status >= 400 && { connection: "close" }),
  });
  response.end(text);
}
