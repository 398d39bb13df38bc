// A listing of paths, as Data Lake Storage answers it: directories stand in it as well, also those that only their content
// tells of.
import { type BlobModel, isFolder } from "./stored";

export interface Path {
  readonly name: string;
  /** Numbers and truth values are texts here, and what is no directory does not say so. */
  readonly isDirectory?: "true";
  readonly contentLength: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly creationTime?: string;
}

export interface PathPage {
  readonly paths: readonly Path[];
  /** Where to go on. */
  readonly next?: string;
}

/** @param prefix with its slash at the end, or empty. @param after the last name of the page before */
export function pathsBelow(
  blobs: readonly BlobModel[],
  prefix: string,
  recursive: boolean,
  limit: number,
  after: string,
): PathPage {
  const paths = new Map<string, Path>();
  for (const blob of blobs) {
    const parts = blob.name.slice(prefix.length).split("/");
    for (const [index] of parts.slice(0, -1).entries()) {
      const name = prefix + parts.slice(0, index + 1).join("/");
      if ((recursive || index === 0) && !paths.has(name)) paths.set(name, pathOf(blob, name, true));
    }
    if (recursive || parts.length === 1) paths.set(blob.name, pathOf(blob, blob.name, isFolder(blob)));
  }
  const rest = [...paths.values()].filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, limit);
  return { paths: page, ...(rest.length > limit && { next: page.at(-1)?.name }) };
}

function pathOf({ properties }: BlobModel, name: string, isDirectory: boolean): Path {
  const { contentLength = 0, etag, lastModified, creationTime } = properties;
  return {
    name,
    ...(isDirectory && { isDirectory: "true" }),
    contentLength: isDirectory ? "0" : String(contentLength),
    etag: etag.replaceAll('"', ""),
    lastModified: new Date(lastModified).toUTCString(),
    // In ticks of 100 nanoseconds since 1601.
    ...(creationTime && {
      creationTime: String((BigInt(new Date(creationTime).getTime()) + 11644473600000n) * 10000n),
    }),
  };
}
