// The list of an account's buckets: what a client asks for that names none.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BucketFacts } from "../../clouds";
import { accessDenied, answerXml, S3Error, xml } from "./errors";
import type { Caller } from "./permission";
import { evaluate } from "./policy";

const ACTION = "s3:ListAllMyBuckets";

/** @param buckets the account's, or undefined where nobody can say. @throws S3Error */
export function answerBuckets(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  buckets: readonly BucketFacts[] | undefined,
): void {
  if (method !== "GET" || buckets === undefined) {
    throw new S3Error(501, "NotImplemented", `The sandbox does not model ${method} ${url} of S3.`);
  }
  const attempt = { action: ACTION, resource: "arn:aws:s3:::*", context: {} };
  if (caller.policies !== undefined && evaluate(caller.policies, attempt) !== "allowed") {
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: ${ACTION}`);
  }
  const Bucket = buckets.map(({ name, created }) => ({ Name: name, CreationDate: created }));
  answerXml(response, 200, xml("ListAllMyBucketsResult", { Owner: { ID: caller.account }, Buckets: { Bucket } }));
}
