// IAM and STS for AWS's own clients: signatures and policies are checked as AWS does, and what is asked is done on the
// same users, keys and policies that the provider makes.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccessKeyFacts, Control } from "../../clouds";
import type { SandboxContext } from "../../context";
import { type Gate, ServiceError } from "../../http";
import { type Collaborator, collaborators } from "../../world";
import { SANDBOX_ADDRESS } from "../network";
import { startRawService } from "../raw-server";
import { S3Error } from "../s3/errors";
import { type Caller, callerOf } from "../s3/permission";
import { evaluate } from "../s3/policy";
import type { RootKeys } from "../s3/root-keys";
import { verifySignature } from "../s3/signature";
import { accountActions } from "./account";
import { iamActions, stsActions, targetOf } from "./actions";
import { answerRefusal, answerResult } from "./answers";
import type { KeyUse } from "./key-use";

export { KeyUse } from "./key-use";

/** What IAM asks of the clouds. */
export interface IamWorld {
  iamByAccessKey(accessKeyId: string): AccessKeyFacts | undefined;
}

export interface Iam {
  readonly url: string;
  stop(): Promise<void>;
}

export interface IamOptions {
  readonly ctx: SandboxContext;
  readonly world: IamWorld;
  /** AWS of a collaborator. */
  readonly control: (collaborator: string) => Control;
  readonly rootKeys: RootKeys;
  readonly use: KeyUse;
  readonly gate?: Gate;
}

/** The largest request is a policy of 131,072 characters, each of which may be encoded by three. */
const BODY_LIMIT = 512 * 1024;

export async function startIam({ ctx, world, control, rootKeys, use, gate }: IamOptions): Promise<Iam> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let service = "iam";
    try {
      const body = await bodyOf(request);
      const find = (id: string): Caller | undefined => callerOf(id, rootKeys, (each) => world.iamByAccessKey(each));
      const signed = verifySignature(request, (id) => find(id)?.secret, ctx.clock(), ["iam", "sts"], body);
      service = signed.service;
      const caller = find(signed.accessKeyId);
      const owner = collaborators.find(({ awsAccountId }) => awsAccountId === caller?.account);
      if (caller === undefined || owner === undefined) throw new Error(`nobody has the key ${signed.accessKeyId}`);
      const { accessKeyId, region } = signed;
      const fields = new URLSearchParams(body.toString("utf8"));
      const action = fields.get("Action") ?? "";
      const known = service === "sts" ? stsActions : { ...iamActions, ...accountActions };
      const answer = Object.hasOwn(known, action) ? known[action] : undefined;
      if (answer === undefined) {
        throw new ServiceError(501, "NotImplemented", `The sandbox does not model ${service}:${action}.`);
      }
      const self = world.iamByAccessKey(accessKeyId)?.user;
      if (service === "iam") authorise(caller, action, { fields, self, owner, control: control(owner.name) });
      use.note(accessKeyId, { date: ctx.clock().toISOString().replace(/\.\d+/, ""), service, region });
      const result = await answer({ fields, owner, self, accessKeyId, control: control(owner.name), use });
      answerResult(response, service, action, result);
    } catch (error) {
      if (response.headersSent || !(error instanceof ServiceError || error instanceof S3Error)) throw error;
      answerRefusal(response, service, error);
    }
  };
  const running = await startRawService({
    service: "IAM",
    port: await ctx.ports.get("iam"),
    tls: ctx.tls,
    handler: serve,
    gate,
    log: (line) => ctx.log(line),
  });
  return { url: running.url, stop: () => running.close() };
}

interface Attempt {
  readonly fields: URLSearchParams;
  readonly self?: string;
  readonly owner: Collaborator;
  readonly control: Control;
}

/** @throws ServiceError 403 AccessDenied that names user, action and resource */
function authorise(caller: Caller, action: string, { fields, self, owner, control }: Attempt): void {
  if (caller.policies === undefined) return;
  const name = targetOf({ fields, self }) ?? "*";
  const known = control.find("aws:iam/user:User", name)?.outputs.arn;
  const resource = typeof known === "string" ? known : `arn:aws:iam::${owner.awsAccountId}:user/${name}`;
  const context = {
    "aws:securetransport": "true",
    "aws:sourceip": SANDBOX_ADDRESS,
    "aws:principalarn": caller.arn,
    "aws:username": self,
  };
  const verdict = evaluate(caller.policies, { action: `iam:${action}`, resource, context });
  if (verdict === "allowed") return;
  const why =
    verdict === "denied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the iam:${action} action`;
  const message = `User: ${caller.arn} is not authorized to perform: iam:${action} on resource: ${resource} ${why}`;
  throw new ServiceError(403, "AccessDenied", message);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new ServiceError(413, "RequestEntityTooLarge", "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
