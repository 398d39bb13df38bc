// The S3 data plane: signatures and IAM policies are checked as AWS does, objects are kept on disk. Only buckets that the
// cloud provider made exist. Real, unmodified clients work against it, with paths or hosts as bucket addresses.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccessKeyFacts, BucketFacts, CloudHooks } from "../../clouds";
import type { SandboxContext } from "../../context";
import { type Gate, ServiceError } from "../../http";
import { startRawService } from "../raw-server";
import { addressOf } from "./address";
import { answerBuckets } from "./all-buckets";
import { answerError, S3Error } from "./errors";
import { Uploads } from "./multipart";
import { ObjectStore } from "./objects";
import { operationOf } from "./operations";
import { Payload } from "./payload";
import { type Caller, callerOf, checkPermission, mayList, noSuchBucket } from "./permission";
import type { KeyUse } from "../iam";
import { RootKeys } from "./root-keys";
import { verifySignature } from "./signature";

/** What S3 asks of the clouds. */
export interface BucketWorld {
  bucket(name: string): BucketFacts | undefined;
  /** @param account AWS account that they belong to */
  bucketsOf?(account: string): readonly BucketFacts[];
  iamByAccessKey(accessKeyId: string): AccessKeyFacts | undefined;
}

export interface Buckets {
  readonly hooks: Pick<CloudHooks, "bucketCreated" | "bucketDeleted">;
  readonly url: string;
  /** The administrators' keys. */
  readonly rootKeys: RootKeys;
  /** Region of the environment that `env` gives. */
  readonly region: string;
  /** Where S3 of `url` is served: AWS's own addresses stand for this one. @throws for any other */
  readonly endpoint: (url: string) => string;
  /** The administrator's variables for AWS's clients. */
  readonly env: (collaborator: string) => Record<string, string>;
  stop(): Promise<void>;
}

const REGION = "us-east-1";

export async function startBuckets(
  ctx: SandboxContext,
  world: BucketWorld,
  gate?: Gate,
  use?: KeyUse,
): Promise<Buckets> {
  const [objects, rootKeys] = [
    await ObjectStore.open(`${ctx.dir}/s3`),
    await RootKeys.open(`${ctx.dir}/aws-keys.json`),
  ];
  const uploads = new Uploads(objects);
  const find = (accessKeyId: string): Caller | undefined =>
    callerOf(accessKeyId, rootKeys, (id) => world.iamByAccessKey(id));

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const now = ctx.clock();
    const signed = verifySignature(request, (id) => find(id)?.secret, now);
    const caller = find(signed.accessKeyId);
    const { accessKeyId, region } = signed;
    use?.note(accessKeyId, { date: now.toISOString().replace(/\.\d+/, ""), service: "s3", region });
    const address = addressOf(request);
    if (caller !== undefined && address.bucket === "") {
      answerBuckets(request, response, caller, world.bucketsOf?.(caller.account));
      return;
    }
    const bucket = world.bucket(address.bucket);
    if (caller === undefined || bucket === undefined) throw noSuchBucket(address.bucket);
    if (signed.region !== bucket.region) {
      const why = `The authorization header is malformed; the region '${signed.region}' is wrong; expecting '${bucket.region}'`;
      throw new S3Error(400, "AuthorizationHeaderMalformed", why, { Region: bucket.region });
    }
    const copies = request.headers["x-amz-copy-source"] !== undefined;
    const operation = operationOf(request.method ?? "GET", address, copies);
    if (operation === undefined) {
      throw new S3Error(501, "NotImplemented", `The sandbox does not model ${request.method} ${request.url} of S3.`);
    }
    checkPermission(caller, bucket, { action: operation.action, ...address });
    const payload = new Payload(request, signed);
    const listable = mayList(caller, bucket);
    await operation.run({ request, response, address, bucket, payload, objects, uploads, now, mayList: listable });
  };
  const handler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await serve(request, response);
    } catch (error) {
      const refusal =
        error instanceof URIError ? new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.") : error;
      if (!(refusal instanceof S3Error) || response.headersSent) throw error;
      answerError(response, request.method, request.url?.split("?")[0] ?? "/", refusal);
    }
  };
  const port = await ctx.ports.get("s3");
  const service = await startRawService({
    service: "S3",
    port,
    tls: ctx.tls,
    handler,
    gate,
    log: (line) => ctx.log(line),
  });
  return {
    url: service.url,
    rootKeys,
    region: REGION,
    endpoint: (url) => {
      const { hostname, host } = new URL(url);
      if (host === new URL(service.url).host || /(^|\.)amazonaws\.com$/.test(hostname)) return service.url;
      throw new Error(`${url} is neither AWS's S3 nor this sandbox's (${service.url})`);
    },
    env: (name) => {
      const { accessKeyId, secret } = rootKeys.of(name);
      return {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secret,
        AWS_REGION: REGION,
        // The name that older clients know, the command line among them.
        AWS_DEFAULT_REGION: REGION,
        AWS_ENDPOINT_URL_S3: service.url,
      };
    },
    hooks: {
      bucketCreated: () => Promise.resolve(),
      bucketDeleted: async ({ name }, force) => {
        if (!force && objects.keys(name).length > 0) {
          throw new ServiceError(
            409,
            "BucketNotEmpty",
            `The bucket ${name} holds ${objects.keys(name).length} objects: delete them, or set forceDestroy`,
          );
        }
        await objects.removeBucket(name);
      },
    },
    stop: async () => {
      await service.close();
      await uploads.close();
      await objects.close();
    },
  };
}
