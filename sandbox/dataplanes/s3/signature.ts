// Checks AWS Signature Version 4 in the Authorization header: who signed, that nothing signed was changed, and when.
// Rules: AWS's "Authenticating requests: using the Authorization header", of S3 and of its other services.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { accessDenied, S3Error } from "./errors";

/** A request whose signature is right. */
export interface Signed {
  readonly accessKeyId: string;
  readonly region: string;
  /** `s3`, `iam`, `sts` */
  readonly service: string;
  /** `x-amz-content-sha256`: a digest, or how the payload is sent instead. */
  readonly payload: string;
  /** What signed chunks of the payload continue from. */
  readonly seed: { readonly signature: string; readonly scope: string; readonly date: string; readonly key: Buffer };
}

interface Authorization {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const SKEW = 15 * 60 * 1000;
const HEADER =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/((\d{8})\/([^/]+)\/([a-z0-9-]+)\/aws4_request), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;

/**
 * @param secretOf the secret of an active key
 * @param body of a request to a service other than S3: its digest is signed without a header
 * @throws S3Error with AWS's code
 */
export function verifySignature(
  request: IncomingMessage,
  secretOf: (accessKeyId: string) => string | undefined,
  now: Date,
  services: readonly string[] = ["s3"],
  body?: Buffer,
): Signed {
  const given = parse(request, services);
  const date = header(request, "x-amz-date");
  const payload = body === undefined ? header(request, "x-amz-content-sha256") : sha256(body);
  checkTime(date, given.day, now);
  for (const required of ["host", "x-amz-date", ...(body === undefined ? ["x-amz-content-sha256"] : [])]) {
    if (!given.signedHeaders.includes(required)) throw accessDenied(`The header ${required} must be signed.`);
  }
  const secret = secretOf(given.accessKeyId);
  if (secret === undefined) {
    throw new S3Error(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
  }
  const key = signingKey(secret, given.day, given.region, given.service);
  const text = ["AWS4-HMAC-SHA256", date, given.scope, sha256(canonicalRequest(request, given.signedHeaders, payload))];
  if (!sameHex(hmac(key, text.join("\n")).toString("hex"), given.signature)) {
    const why =
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    throw new S3Error(403, "SignatureDoesNotMatch", why);
  }
  const seed = { signature: given.signature, scope: given.scope, date, key };
  return { accessKeyId: given.accessKeyId, region: given.region, service: given.service, payload, seed };
}

export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
export const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();
export const sameHex = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function parse(request: IncomingMessage, services: readonly string[]): Authorization {
  const text = request.headers.authorization;
  if (text === undefined) {
    if (/[?&]X-Amz-Signature=/i.test(request.url ?? "")) {
      throw new S3Error(501, "NotImplemented", "The sandbox does not model presigned URLs.");
    }
    throw accessDenied("Access Denied: the request is not signed.");
  }
  const [, accessKeyId, scope, day, region, service, headers, signature] = HEADER.exec(text) ?? [];
  if (signature === undefined || !services.includes(service)) {
    const why = `The authorization header is not AWS4-HMAC-SHA256 for ${services.join(" or ")}.`;
    throw new S3Error(400, "AuthorizationHeaderMalformed", why);
  }
  return { accessKeyId, scope, day, region, service, signedHeaders: headers.split(";"), signature };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  if (typeof value !== "string")
    throw new S3Error(400, "InvalidRequest", `Missing required header for this request: ${name}`);
  return value;
}

function checkTime(date: string, day: string, now: Date): void {
  const [, year, month, dayOfMonth, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.map(Number) ?? [];
  const time = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
  if (Number.isNaN(time) || !date.startsWith(day))
    throw accessDenied("AWS authentication requires a valid x-amz-date.");
  if (Math.abs(now.getTime() - time) > SKEW) {
    throw new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  }
}

function signingKey(secret: string, day: string, region: string, service: string): Buffer {
  return [region, service, "aws4_request"].reduce((key, part) => hmac(key, part), hmac(`AWS4${secret}`, day));
}

function canonicalRequest(request: IncomingMessage, signedHeaders: readonly string[], payload: string): string {
  const [path, query = ""] = (request.url ?? "/").split("?", 2);
  const headers = signedHeaders.map(
    (name) => `${name}:${[request.headers[name] ?? ""].flat().join(",").trim().replace(/ +/g, " ")}\n`,
  );
  return [
    request.method,
    path.split("/").map(decodeURIComponent).map(encode).join("/"),
    canonicalQuery(query),
    headers.join(""),
    signedHeaders.join(";"),
    payload,
  ].join("\n");
}

function canonicalQuery(query: string): string {
  const pairs = query.split("&").filter((pair) => pair !== "");
  return pairs
    .map((pair) => {
      const [name, value = ""] = pair.split(/=(.*)/s, 2);
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
    })
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
