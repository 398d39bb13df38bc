// Blob storage and Data Lake Storage: azurite behind the checks of Azure. Only accounts and containers that the cloud
// provider made exist. The Data Lake endpoint takes operations on paths, and blob storage's, which its clients send there
// as well; the endpoint of blobs takes its own alone.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountFacts, CloudHooks, ContainerFacts, RoleAssignmentFacts } from "../../clouds";
import type { SandboxContext } from "../../context";
import type { Gate } from "../../http";
import { startRawService } from "../raw-server";
import { authorise } from "./authorise";
import { CustomerKeys } from "./customer-keys";
import { DataLake } from "./data-lake";
import { type PathOperation, pathOperationOf } from "./data-lake-operation";
import { type Emulator, startEmulator } from "./emulator";
import { BlobError, writeBlobError, writePathError } from "./errors";
import { type Operation, operationOf } from "./operation";

/** What blob storage asks of the clouds. */
export interface BlobWorld {
  storageAccount(name: string): AccountFacts | undefined;
  container(account: string, name: string): ContainerFacts | undefined;
  roleAssignments(): readonly RoleAssignmentFacts[];
}

export interface Blobs {
  /** How ARM makes accounts and ends containers here. */
  readonly hooks: Pick<CloudHooks, "accountCreated" | "containerDeleted">;
  /** `https://localhost:<port>` of blob storage. */
  readonly url: string;
  /** The same of Data Lake Storage. */
  readonly dfsUrl: string;
  stop(): Promise<void>;
}

export async function startBlobs(ctx: SandboxContext, world: BlobWorld, gate?: Gate): Promise<Blobs> {
  const customerKeys = await CustomerKeys.open(`${ctx.dir}/blob-keys.jsonl`);
  let emulator: Promise<Emulator> | undefined;
  const started = (): Promise<Emulator> => (emulator ??= startEmulator(`${ctx.dir}/azurite`));

  const serve = async (
    operation: Operation,
    request: IncomingMessage,
    response: ServerResponse,
    carryOut: (running: Emulator) => Promise<void>,
  ): Promise<void> => {
    const { hierarchical } = await authorise(ctx, world, request, operation);
    customerKeys.check(operation, request);
    const { account, container, blob, writes } = operation;
    const running = await started();
    if (container !== undefined) await running.createContainer(account, container);
    if (hierarchical && writes && container !== undefined && blob !== undefined && request.method !== "DELETE") {
      await new DataLake(running).ensureParents(account, container, blob);
    }
    await customerKeys.around(operation, request, response, () => carryOut(running));
  };
  const blobHandler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const operation = operationOf(request);
      await serve(operation, request, response, (running) => running.serve(request, response));
    } catch (error) {
      if (!(error instanceof BlobError) || response.headersSent) throw error;
      writeBlobError(response, request.method, error);
    }
  };
  const pathHandler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const operation: PathOperation | undefined = pathOperationOf(request);
      if (operation === undefined) return await blobHandler(request, response);
      await serve(operation, request, response, (running) => new DataLake(running).serve(operation, request, response));
    } catch (error) {
      if (!(error instanceof BlobError) || response.headersSent) throw error;
      writePathError(response, request.method, error);
    }
  };
  const common = { tls: ctx.tls, gate, log: (line: string) => ctx.log(line) };
  const blobs = await startRawService({
    ...common,
    service: "blob storage",
    port: await ctx.ports.get("blob"),
    handler: blobHandler,
  });
  const paths = await startRawService({
    ...common,
    service: "data lake storage",
    port: await ctx.ports.get("dfs"),
    handler: pathHandler,
  });
  return {
    url: blobs.url,
    dfsUrl: paths.url,
    hooks: {
      accountCreated: ({ name }) => Promise.resolve({ blob: `${blobs.url}/${name}/`, dfs: `${paths.url}/${name}/` }),
      containerDeleted: async ({ account, name }) => {
        await (await started()).deleteContainer(account, name);
        await customerKeys.forget(account, name);
      },
    },
    stop: async () => {
      await Promise.all([blobs.close(), paths.close()]);
      await (await emulator)?.close();
      await customerKeys.close();
    },
  };
}
