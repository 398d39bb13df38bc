// What a resource's handler is, and what the host around it guarantees: inputs without the engine's own fields,
// outputs that are plain JSON and always hold the inputs, errors without stacks.
import type { Problems } from "./model/validate";
import type { CleanRoom } from "./services/clean-room";

/** What a preview is to show. */
export interface Difference {
  readonly changes: boolean;
  /** Inputs whose change makes a new object. */
  readonly replaces?: string[];
}

/**
 * One kind of resource. `I` is what the program says, `S` what was observed. Every method may be repeated at any time:
 * it looks first, and does only what is missing.
 */
export interface Handler<I extends object, S extends object> {
  /** The inputs' names, for telling them from what was observed. */
  readonly inputs: readonly (keyof I & string)[];
  /** Inputs whose change makes a new object. */
  readonly replaceOn?: readonly (keyof I & string)[];
  /**
   * Whether such inputs, though changed, still mean the object that is there. It is updated then: replaced by itself, it
   * would be given up by the deletion that follows.
   */
  isSameObject?(state: I & S, news: I): boolean;
  check(room: CleanRoom, news: I, olds: I | undefined): Promise<Problems>;
  /** Whether there is work to do though the inputs are the same. Throws where the object is not what it must be. */
  isPending(room: CleanRoom, id: string, state: I & S): Promise<boolean>;
  /** Called in preview when inputs changed and all are known. Throws where the change is impossible. */
  checkChange?(room: CleanRoom, id: string, state: I & S, news: I): Promise<void>;
  create(room: CleanRoom, news: I): Promise<{ id: string; state: S }>;
  update(room: CleanRoom, id: string, state: I & S, news: I): Promise<S>;
  /** What is there now, or undefined when the object is gone. */
  read(room: CleanRoom, id: string, state: I & S): Promise<S | undefined>;
  delete(room: CleanRoom, id: string, state: I & S): Promise<void>;
}

/** Status of a resource whose completion depends on other collaborators. */
export interface Progress {
  /** `ready`: nothing left to do for us. `waiting`: the next `up` goes on. `rejected`: an approver said no. */
  readonly status: "ready" | "waiting" | "rejected";
  /** What is awaited, in a sentence; empty when ready. */
  readonly reason: string;
}
