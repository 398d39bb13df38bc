// The blob data plane: azurite behind the checks of Azure. A caller shows a token for storage, of the account's tenant,
// and has a data role on the container or around it; keys, signatures and public access open nothing. Only accounts and
// containers that the cloud provider made exist.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountFacts, CloudHooks, ContainerFacts, RoleAssignmentFacts } from "../../clouds";
import { type SandboxContext, TokenError } from "../../context";
import type { Gate } from "../../http";
import { admits, SANDBOX_ADDRESS } from "../network";
import { startRawService } from "../raw-server";
import { isAllowed, rolesFor } from "../roles";
import { CustomerKeys } from "./customer-keys";
import { type Emulator, startEmulator } from "./emulator";
import { BlobError, writeBlobError } from "./errors";
import { type Operation, operationOf } from "./operation";

const STORAGE_AUDIENCE = "https://storage.azure.com";

/** What blob storage asks of the clouds. */
export interface BlobWorld {
  storageAccount(name: string): AccountFacts | undefined;
  container(account: string, name: string): ContainerFacts | undefined;
  roleAssignments(): readonly RoleAssignmentFacts[];
}

export interface Blobs {
  /** How ARM makes accounts and ends containers here. */
  readonly hooks: Pick<CloudHooks, "accountCreated" | "containerDeleted">;
  /** `https://localhost:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBlobs(ctx: SandboxContext, world: BlobWorld, gate?: Gate): Promise<Blobs> {
  const port = await ctx.ports.get("blob");
  const customerKeys = await CustomerKeys.open(`${ctx.dir}/blob-keys.jsonl`);
  let emulator: Promise<Emulator> | undefined;
  const started = (): Promise<Emulator> => (emulator ??= startEmulator(`${ctx.dir}/azurite`));

  const handler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let operation: Operation;
    try {
      operation = operationOf(request);
      await authorise(ctx, world, request, operation);
      customerKeys.check(operation, request);
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      writeBlobError(response, request.method, error);
      return;
    }
    const { account, container } = operation;
    const running = await started();
    if (container !== undefined) await running.createContainer(account, container);
    await customerKeys.around(operation, request, response, () => running.serve(request, response));
  };
  const service = await startRawService({
    service: "blob storage",
    port,
    tls: ctx.tls,
    handler,
    gate,
    log: (line) => ctx.log(line),
  });
  return {
    url: service.url,
    hooks: {
      accountCreated: ({ name }) => Promise.resolve({ blob: `${service.url}/${name}/` }),
      containerDeleted: async ({ account, name }) => {
        await (await started()).deleteContainer(account, name);
        await customerKeys.forget(account, name);
      },
    },
    stop: async () => {
      await service.close();
      await (await emulator)?.close();
      await customerKeys.close();
    },
  };
}

async function authorise(
  ctx: SandboxContext,
  world: BlobWorld,
  request: IncomingMessage,
  operation: Operation,
): Promise<void> {
  const { container, action } = operation;
  const account = world.storageAccount(operation.account);
  if (account === undefined) {
    throw new BlobError(
      404,
      "ResourceNotFound",
      `The sandbox has no storage account ${JSON.stringify(operation.account)}.`,
    );
  }
  if (!admits(account.network, SANDBOX_ADDRESS)) {
    throw new BlobError(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");
  }
  const oid = await callerOf(ctx, account, request);
  if (action === undefined) {
    const what = `${request.method} ${request.url?.split("&sig=")[0]}`;
    throw new BlobError(
      501,
      "NotImplemented",
      `The sandbox does not model ${what} of blob storage; containers are made by ARM.`,
    );
  }
  const scope = container === undefined ? account.id : `${account.id}/blobServices/default/containers/${container}`;
  if (!isAllowed(world.roleAssignments(), oid, action, scope)) {
    const roles = rolesFor(action).join(", ");
    throw new BlobError(
      403,
      "AuthorizationPermissionMismatch",
      `This request is not authorized to perform this operation using this permission. Caller ${oid} has no role for ${action} on ${scope}; roles that allow it: ${roles}.`,
    );
  }
  if (container !== undefined && world.container(account.name, container) === undefined) {
    throw new BlobError(404, "ContainerNotFound", `The specified container does not exist: ${container}.`);
  }
}

async function callerOf(ctx: SandboxContext, account: AccountFacts, request: IncomingMessage): Promise<string> {
  const challenge = {
    "www-authenticate": `Bearer authorization_uri=${ctx.signIn.authority}/${account.tenantId}/oauth2/authorize resource_id=${STORAGE_AUDIENCE}`,
  };
  const given = request.headers.authorization;
  if (given === undefined) {
    if (/[?&]sig=/.test(request.url ?? "")) throw keysAreOff();
    const why =
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    throw new BlobError(401, "NoAuthenticationInformation", why, challenge);
  }
  if (/^SharedKey/i.test(given)) throw keysAreOff();
  const token = /^Bearer +(\S+)$/i.exec(given)?.[1] ?? "";
  try {
    const { oid, tid } = await ctx.signIn.verify(token, { audience: [STORAGE_AUDIENCE, `${STORAGE_AUDIENCE}/`] });
    if (tid === account.tenantId) return oid;
    const why = `Issuer validation failed. The token is of tenant ${tid}, the account of ${account.tenantId}.`;
    throw new BlobError(401, "InvalidAuthenticationInfo", why, challenge);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new BlobError(401, "InvalidAuthenticationInfo", error.message, challenge);
  }
}

const keysAreOff = (): BlobError =>
  new BlobError(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
  );
