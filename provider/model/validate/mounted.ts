// Names of datasets that the analytics workload of release 8.0.0 can't mount, or mounts at another place than it reads.
import type { StoreType } from "../../../contract";

/** What a container of Kubernetes may be called. */
const LONGEST_LABEL = 63;
/** What stands behind the dataset's name in that of the container that mounts it. */
const MOUNTS = { bucket: "-s3fs-container", other: "-blobfuse-container" } as const;

/** Why no query could read a document of this id; none when one can. */
export function mountCautions(id: string, store: StoreType): readonly string[] {
  const longest = LONGEST_LABEL - (store === "Aws_S3" ? MOUNTS.bucket : MOUNTS.other).length;
  const what = "the analytics workload of release 8.0.0";
  return [
    ...(/[A-Z_]/.test(id)
      ? [`${what} mounts it in lower case and with '-' for '_', and looks for it as it is: use neither in its name.`]
      : []),
    ...(/[^A-Za-z0-9_-]/.test(id)
      ? [`${what} names a container after it, in which no '.' may be: use none in its name.`]
      : []),
    ...(id.length > longest
      ? [`${what} names a container after it, which leaves ${longest} characters of ${id.length}: shorten its name.`]
      : []),
  ];
}
