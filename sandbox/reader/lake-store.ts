// The dataset's folder in a data lake, be it an account with a hierarchical namespace or OneLake, by the unmodified client.
import { createHash } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { CpkInfo, DataLakeFileSystemClient, Path } from "@azure/storage-file-datalake";
import { foldersOf, type Store, type StoredObject } from "./store";

interface FileSystemAddress {
  /** `https://<account>.dfs.core.windows.net/`, or OneLake's. */
  readonly serviceUrl: string;
  /** File system, or workspace. */
  readonly fileSystem: string;
  /** Folder in it; `""` for the whole of it. */
  readonly folder: string;
}

/** @param customerKey in CPK mode the data encryption key, which the storage service encrypts with */
export async function lakeStore(
  { serviceUrl, fileSystem, folder }: FileSystemAddress,
  credential: TokenCredential,
  ca: string,
  customerKey?: Buffer,
): Promise<Store> {
  const { DataLakeServiceClient } = await import("@azure/storage-file-datalake");
  const options = { tlsOptions: { ca }, retryOptions: { maxTries: 2 } };
  const service = new DataLakeServiceClient(serviceUrl, credential, options);
  const client = service.getFileSystemClient(fileSystem);
  const customerProvidedKey = customerKey && cpk(customerKey);
  return {
    list: async () => {
      const found: StoredObject[] = [];
      for await (const { name, contentLength = 0 } of filesIn(client, folder))
        found.push({ name, size: contentLength });
      return found;
    },
    folders: () => foldersOf(names(filesIn(client, ""))),
    read: async (name) => {
      const file = client.getFileClient(name);
      const { readableStreamBody, metadata = {} } = await file.read(0, undefined, { customerProvidedKey });
      if (readableStreamBody === undefined) throw new Error(`file ${name} came without a body`);
      return { metadata, body: readableStreamBody as AsyncIterable<Uint8Array> };
    },
    write: async (name, content) => {
      await client.getFileClient(name).upload(content, { customerProvidedKey });
    },
    remove: async (name) => {
      await client.getFileClient(name).delete();
    },
  };
}

type Found = Path & { readonly name: string };

/** A folder that is not there holds nothing. */
async function* filesIn(client: DataLakeFileSystemClient, folder: string): AsyncGenerator<Found> {
  try {
    for await (const path of client.listPaths({ path: folder === "" ? undefined : folder, recursive: true })) {
      if (path.isDirectory !== true && path.name !== undefined) yield { ...path, name: path.name };
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "PathNotFound") throw error;
  }
}

async function* names(files: AsyncIterable<Found>): AsyncGenerator<string> {
  for await (const { name } of files) yield name;
}

function cpk(key: Buffer): CpkInfo {
  return {
    encryptionKey: key.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(key).digest("base64"),
    encryptionAlgorithm: "AES256",
  };
}
