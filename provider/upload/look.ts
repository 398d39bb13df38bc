// Whether what was brought up is still in its store, as a preview asks: by the object's metadata, without reading it and
// without its key.
import type { Job } from "./job";
import { Patience } from "./patience";
import { type Report, openTarget } from "./transfer";
import { HIDDEN } from "./target";

/** Seconds that a preview waits for a store. */
const SECONDS = 5;

export interface Finding {
  /** Where it was looked for. */
  readonly place: string;
  /** `gone`: there is nothing of that name. `other`: not what was brought up. Left out: it is there, as far as can be seen. */
  readonly drift?: "gone" | "other";
}

/**
 * @param report what the upload answered; undefined for one of a release that did not say which content it was
 * @throws CleanRoomError when the store can't be asked
 */
export async function look(
  job: Pick<Job, "objectName" | "destination" | "encryptionMode">,
  { bytes, content, encryptionMode }: Partial<Report>,
): Promise<Finding | undefined> {
  if (content === undefined) return undefined;
  const target = await openTarget(job, new Patience(AbortSignal.timeout(SECONDS * 1_000), SECONDS, 0));
  try {
    const { place } = target;
    const there = await target.find();
    if (there === "unseen") return { place };
    if (there === undefined) return { place, drift: "gone" };
    // A blob of a customer's key is hidden from whoever has not that key: more of it can't be seen from here.
    if (job.encryptionMode === "CPK") return there === HIDDEN ? { place } : { place, drift: "other" };
    const { cleanroomcontent, cleanroommode } = lowerCased(there.metadata);
    const isOurs = there.bytes === bytes && cleanroomcontent === content && cleanroommode === encryptionMode;
    return isOurs ? { place } : { place, drift: "other" };
  } finally {
    target.close();
  }
}

const lowerCased = (metadata: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
