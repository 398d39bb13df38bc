// What the reader does to a dataset's store, be it a blob container or a bucket.

export interface StoredObject {
  readonly name: string;
  readonly size: number;
}

export interface Store {
  /** Objects of the dataset, below its subdirectory, by name. */
  list(): Promise<readonly StoredObject[]>;
  read(name: string): Promise<AsyncIterable<Uint8Array>>;
  write(name: string, content: Buffer): Promise<void>;
  remove(name: string): Promise<void>;
}

/** `a/b/` for `/a/b`, nothing for nothing. */
export function prefixOf(subdirectory: string | null | undefined): string {
  const path = (subdirectory ?? "").replace(/^\/+|\/+$/g, "");
  return path === "" ? "" : `${path}/`;
}
