// The dataset's blob container, by the unmodified storage client.
import type { TokenCredential } from "@azure/core-auth";
import type { CpkInfo } from "@azure/storage-blob";
import { createHash } from "node:crypto";
import { foldersOf, prefixOf, type Store, type StoredObject } from "./store";

interface ContainerAddress {
  readonly accountUrl: string;
  readonly container: string;
  readonly subdirectory?: string | null;
}

/** @param customerKey in CPK mode the data encryption key, which the storage service encrypts with */
export async function blobStore(
  { accountUrl, container, subdirectory }: ContainerAddress,
  credential: TokenCredential,
  ca: string,
  customerKey?: Buffer,
): Promise<Store> {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const options = { tlsOptions: { ca }, retryOptions: { maxTries: 2 } };
  const client = new BlobServiceClient(accountUrl.replace(/\/+$/, ""), credential, options).getContainerClient(
    container,
  );
  const customerProvidedKey = customerKey && cpk(customerKey);
  return {
    list: async () => {
      const found: StoredObject[] = [];
      for await (const { name, properties } of client.listBlobsFlat({ prefix: prefixOf(subdirectory) })) {
        found.push({ name, size: properties.contentLength ?? 0 });
      }
      return found;
    },
    folders: () => foldersOf(names(client.listBlobsFlat())),
    read: async (name) => {
      const blob = client.getBlobClient(name);
      const { readableStreamBody, metadata = {} } = await blob.download(0, undefined, { customerProvidedKey });
      if (readableStreamBody === undefined) throw new Error(`blob ${name} came without a body`);
      return { metadata, body: readableStreamBody as AsyncIterable<Uint8Array> };
    },
    write: async (name, content) => {
      await client.getBlockBlobClient(name).upload(content, content.length, { customerProvidedKey });
    },
    remove: async (name) => {
      await client.deleteBlob(name);
    },
  };
}

async function* names(items: AsyncIterable<{ readonly name: string }>): AsyncGenerator<string> {
  for await (const { name } of items) yield name;
}

function cpk(key: Buffer): CpkInfo {
  return {
    encryptionKey: key.toString("base64"),
    encryptionKeySha256: createHash("sha256").update(key).digest("base64"),
    encryptionAlgorithm: "AES256",
  };
}
