// The parts of azurite that the sandbox runs inside its own process; the package ships no types.
declare module "azurite/dist/src/blob/BlobServer" {
  import type { RequestListener, Server } from "node:http";

  interface LokiStore {
    readonly db: { saveDatabase(done: (error?: Error | null) => void): void };
  }

  class BlobServer {
    constructor(configuration: object);
    readonly httpServer: Server & { listeners(event: "request"): RequestListener[] };
    readonly accountDataStore: { getAccount(name: string): { name: string; key1: Buffer } };
    readonly extentMetadataStore: LokiStore;
    readonly metadataStore: LokiStore & {
      createContainer(context: undefined, container: object): Promise<unknown>;
      deleteContainer(
        context: { contextId: string; startTime: Date },
        account: string,
        container: string,
      ): Promise<void>;
    };
    beforeStart(): Promise<void>;
    afterClose(): Promise<void>;
  }
  export default BlobServer;
}

declare module "azurite/dist/src/blob/BlobConfiguration" {
  class BlobConfiguration {
    constructor(...settings: unknown[]);
  }
  export default BlobConfiguration;
}
