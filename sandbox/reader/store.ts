// What the reader does to a dataset's store, be it a blob container or a bucket.

export interface StoredObject {
  readonly name: string;
  readonly size: number;
}

export interface StoredContent {
  /** What the object was stored with, by name in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Store {
  /** Objects of the dataset, below its subdirectory, by name. */
  list(): Promise<readonly StoredObject[]>;
  /** Folders of the container or bucket that hold something, a few; undefined when they may not be listed. */
  folders(): Promise<readonly string[] | undefined>;
  read(name: string): Promise<StoredContent>;
  write(name: string, content: Buffer): Promise<void>;
  remove(name: string): Promise<void>;
}

/** `a/b/` for `/a/b`, nothing for nothing. */
export function prefixOf(subdirectory: string | null | undefined): string {
  const path = (subdirectory ?? "").replace(/^\/+|\/+$/g, "");
  return path === "" ? "" : `${path}/`;
}

/** The folders of the first so many objects, each once; `""` for the root. */
export async function foldersOf(names: AsyncIterable<string>, most = 1_000): Promise<readonly string[]> {
  const folders = new Set<string>();
  let seen = 0;
  for await (const name of names) {
    folders.add(name.slice(0, Math.max(0, name.lastIndexOf("/"))));
    if (++seen === most) break;
  }
  return [...folders].sort();
}
