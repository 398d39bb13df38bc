// Blob storage and Data Lake Storage: azurite behind the checks of Azure. Only accounts and containers that the cloud
// provider made exist. The Data Lake endpoint takes operations on paths, and blob storage's, which its clients send there
// as well; the endpoint of blobs takes its own alone.
import type { AccountFacts, CloudHooks, ContainerFacts, RoleAssignmentFacts } from "../../clouds";
import type { SandboxContext } from "../../context";
import type { Gate } from "../../http";
import { startRawService } from "../raw-server";
import { authorise } from "./authorise";
import { CustomerKeys } from "./customer-keys";
import { type Emulator, startEmulator } from "./emulator";
import { Serving } from "./serving";

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
  /** For other services that keep what they have in the same emulator. */
  readonly serving: Serving;
  stop(): Promise<void>;
}

export async function startBlobs(ctx: SandboxContext, world: BlobWorld, gate?: Gate): Promise<Blobs> {
  const customerKeys = await CustomerKeys.open(`${ctx.dir}/blob-keys.jsonl`);
  let emulator: Promise<Emulator> | undefined;
  const started = (): Promise<Emulator> => (emulator ??= startEmulator(`${ctx.dir}/azurite`));

  const serving = new Serving(started, customerKeys);
  const common = { tls: ctx.tls, gate, log: (line: string) => ctx.log(line) };
  const blobs = await startRawService({
    ...common,
    service: "blob storage",
    port: await ctx.ports.get("blob"),
    handler: (request, response) =>
      serving.blobs(request, response, (operation) => authorise(ctx, world, request, operation)),
  });
  const paths = await startRawService({
    ...common,
    service: "data lake storage",
    port: await ctx.ports.get("dfs"),
    handler: (request, response) =>
      serving.paths(request, response, (operation) => authorise(ctx, world, request, operation)),
  });
  return {
    url: blobs.url,
    dfsUrl: paths.url,
    serving,
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
