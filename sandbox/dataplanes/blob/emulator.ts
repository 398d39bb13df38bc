// Azurite, Microsoft's emulator of blob storage, inside this process and without a port of its own: whoever has passed
// the sandbox's checks is handed to its request listener. What it acknowledged is in its files.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Index, Stored } from "./stored";

export interface Emulator {
  /** What it holds. */
  readonly stored: Stored;
  /** Serves a request that has been allowed, addressed `/account/container/blob`. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** No-op when it is there. */
  createContainer(account: string, container: string): Promise<void>;
  /** With all its blobs. No-op when there is none. */
  deleteContainer(account: string, container: string): Promise<void>;
  close(): Promise<void>;
}

/** Takes a second, most of it loading azurite: done when the first blob is asked for. */
export async function startEmulator(dir: string): Promise<Emulator> {
  const [{ default: BlobServer }, { default: BlobConfiguration }, { newSasQuery }] = await Promise.all([
    import("azurite/dist/src/blob/BlobServer"),
    import("azurite/dist/src/blob/BlobConfiguration"),
    import("./sas"),
  ]);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const server = new BlobServer(new BlobConfiguration(...settings(dir)));
  const key = randomBytes(64);
  server.accountDataStore.getAccount = (name) => ({ name, key1: key });
  await server.beforeStart();
  const listener: RequestListener = server.httpServer.listeners("request")[0];
  const save = async (): Promise<void> => {
    for (const store of [server.extentMetadataStore, server.metadataStore]) {
      await new Promise<void>((resolve, reject) => {
        store.db.saveDatabase((error) => (error ? reject(error) : resolve()));
      });
    }
  };
  const queries = new Map<string, string>();
  const sasOf = (account: string): string => {
    const query = queries.get(account) ?? newSasQuery(account, key);
    queries.set(account, query);
    return query;
  };
  return {
    stored: new Stored(server.metadataStore as unknown as Index),
    serve: (request, response) => {
      const url = request.url ?? "/";
      const account = url.split(/[/?]/)[1];
      delete request.headers.authorization;
      request.url = `${url}${url.includes("?") ? "&" : "?"}${sasOf(account)}`;
      if (request.method !== "GET" && request.method !== "HEAD") answerAfter(response, save);
      const finished = new Promise<void>((resolve) => response.once("close", resolve).once("finish", resolve));
      listener(request, response);
      return finished;
    },
    createContainer: async (account, container) => {
      try {
        await server.metadataStore.createContainer(undefined, newContainer(account, container));
      } catch (error) {
        if ((error as { storageErrorCode?: string }).storageErrorCode !== "ContainerAlreadyExists") throw error;
        return;
      }
      await save();
    },
    deleteContainer: async (account, container) => {
      try {
        await server.metadataStore.deleteContainer({ contextId: "sandbox", startTime: new Date() }, account, container);
      } catch (error) {
        if ((error as { storageErrorCode?: string }).storageErrorCode !== "ContainerNotFound") throw error;
      }
      await save();
    },
    close: () => server.afterClose(),
  };
}

/** Azurite saves its index every five seconds; here a write is answered only when it is saved. */
function answerAfter(response: ServerResponse, saved: () => Promise<void>): void {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.end = ((...given: unknown[]) => {
    saved().then(
      () => end(...given),
      (error: Error) => response.destroy(error),
    );
    return response;
  }) as typeof response.end;
}

function newContainer(accountName: string, name: string): object {
  const properties = {
    etag: `"0x${randomBytes(8).toString("hex").toUpperCase()}"`,
    lastModified: new Date(),
    leaseStatus: "unlocked",
    leaseState: "available",
    publicAccess: undefined,
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
  };
  return { accountName, name, metadata: undefined, properties };
}

/** Arguments of azurite's `BlobConfiguration`, in its order. */
function settings(dir: string): unknown[] {
  const extents = [{ locationId: "Default", locationPath: join(dir, "blobs"), maxConcurrency: 50 }];
  return [
    "127.0.0.1",
    0,
    60,
    join(dir, "index.json"),
    join(dir, "extents.json"),
    extents,
    false, // access log
    undefined,
    false, // debug log
    undefined,
    false, // loose
    true, // skip the check of API versions: clients may be newer than the emulator
    "",
    "",
    "",
    undefined, // OAuth: checked before
    true, // path style addresses only
    false, // in memory
    undefined,
  ];
}
