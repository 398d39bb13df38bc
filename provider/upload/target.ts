// What an upload asks of a store: what is there already, parts, and the one step that makes an object of them.
import type { Marks } from "./marks";
import type { Part } from "./parts";

/** The object of this name that is in the store. */
export interface Stored {
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object that shows nothing of itself: the store encrypts it with a customer's key, and not with ours. */
export const HIDDEN: Stored = { bytes: -1, metadata: {} };

export interface Target {
  /** Where it goes, for messages: `https://…/sales/sales.csv`. */
  readonly place: string;
  /** Parts that an object may have. */
  readonly mostParts: number;
  /** The object that is there now; `unseen` where the store does not say whether there is one. */
  find(): Promise<Stored | "unseen" | undefined>;
  /** Brings up the whole object at once. */
  putWhole(part: Part, marks: Marks): Promise<void>;
  /** Finds what an earlier try of the same upload has left; called before the first part. */
  begin(marks: Marks): Promise<void>;
  /** Whether the store has this very part, by its content. */
  has(part: Part): boolean;
  put(part: Part): Promise<void>;
  /** Makes the object of the parts 1 to `count`, all of which are there. */
  commit(count: number, marks: Marks): Promise<void>;
  close(): void;
}
