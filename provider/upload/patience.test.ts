// What an upload repeats, what it waits for, and what ends it, by the errors that the stores' clients throw.
import { Interrupted, Patience } from "./patience";

const blobError = (statusCode: number, errorCode: string) =>
  Object.assign(new Error(`${errorCode}: words`), { statusCode, details: { errorCode } });
const s3Error = (httpStatusCode: number, name: string, retryAfter?: string) =>
  Object.assign(new Error(`words of ${name}`), {
    name,
    $metadata: { httpStatusCode },
    $response: { headers: { "retry-after": retryAfter } },
  });
const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

/** Runs a request that fails so often with this error; how often it was tried. */
async function tries(error: Error, failures: number, seconds = 5): Promise<number> {
  let count = 0;
  await new Patience(new AbortController().signal, seconds).run("put sales.csv", () => {
    count++;
    return count <= failures ? Promise.reject(error) : Promise.resolve();
  });
  return count;
}

test.each([
  ["429", s3Error(429, "TooManyRequests")],
  ["500", blobError(500, "InternalError")],
  ["503 of S3", s3Error(503, "SlowDown")],
  ["503 of Azure", blobError(503, "ServerBusy")],
  ["a timeout that S3 tells with 400", s3Error(400, "RequestTimeout")],
  ["a reset", networkError("ECONNRESET")],
  ["a refused connection", networkError("ECONNREFUSED")],
  ["a connection that S3's client lost", new Error("AWS SDK error wrapper for TimeoutError: write EPIPE")],
  ["a connection that Azure's client lost", networkError("REQUEST_SEND_ERROR")],
  ["network rules that are not everywhere yet", blobError(403, "AuthorizationFailure")],
  ["a role that has not spread yet", blobError(403, "AuthorizationPermissionMismatch")],
])("goes on after %s", async (_what, error) => {
  expect(await tries(error, 2)).toBe(3);
});

test("waits as long as the store asks for", async () => {
  const start = Date.now();
  await tries(s3Error(503, "SlowDown", "1"), 1);
  expect(Date.now() - start).toBeGreaterThanOrEqual(990);
});

test.each([
  ["what is forbidden", s3Error(403, "AccessDenied"), /put sales.csv: 403 AccessDenied: .*\n.*needs s3:PutObject/],
  ["a container that is not there", blobError(404, "ContainerNotFound"), /put sales.csv: 404 ContainerNotFound/],
  ["credentials that are not there", new Error("Could not load credentials"), /put sales.csv: Could not load/],
  ["a key that is unknown", s3Error(403, "InvalidAccessKeyId"), /AWS_ACCESS_KEY_ID/],
])("fails at once with %s, and says what helps", async (_what, error, message) => {
  await expect(tries(error, 1)).rejects.toThrow(message);
});

test("fails when the time for a request is over, with its last words", async () => {
  await expect(tries(blobError(403, "AuthorizationFailure"), Infinity, 0.5)).rejects.toThrow(
    /403 AuthorizationFailure: .*\n.*`allowedAddresses`/,
  );
});

test("fails as interrupted, at once, when it is told to end while it waits", async () => {
  const ending = new AbortController();
  const request = new Patience(ending.signal, 60).run("put sales.csv", () => {
    setTimeout(() => ending.abort(), 20);
    return Promise.reject(s3Error(503, "SlowDown", "30"));
  });
  await expect(request).rejects.toThrow(Interrupted);
});
