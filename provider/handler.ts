// What a resource's handler is, and what the host around it guarantees: inputs without the engine's own fields,
// outputs that are plain JSON and always hold the inputs, errors without stacks, nothing written that no state knows.
import type { Problems } from "./model/validate";
import type { CleanRoom } from "./services/clean-room";

/** What a preview is to show. */
export interface Difference {
  readonly changes: boolean;
  /** Inputs whose change makes a new object. */
  readonly replaces?: string[];
}

/** An object of an earlier run, as the stack's state knows it. */
export interface Known<I, S> {
  readonly id: string;
  readonly state: I & Partial<S>;
  /** Whether the change makes another object, so that this one is given up afterwards. */
  readonly isReplaced: boolean;
  /** Whether a creation or an update of it broke off: `state` holds what was being written. */
  readonly isUnconfirmed: boolean;
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
  /** Whether it needs nothing of the collaboration's services, so that access to them is not verified. */
  readonly elsewhere?: boolean;
  /** The id of the object that these inputs mean, known before it is made. */
  idOf(room: CleanRoom, news: I): Promise<string>;
  /**
   * Whether such inputs, though changed, still mean the object that is there. It is updated then: replaced by itself, it
   * would be given up by the deletion that follows.
   */
  isSameObject?(id: string, news: I): boolean;
  /** What is wrong with the inputs themselves. Values that are not known yet pass. */
  check(news: I, olds: I | undefined): Problems;
  /**
   * Called in preview before an object is made (without `known`), and when known inputs of one changed. Says what `up`
   * would do, and throws where it would be refused.
   */
  foresee?(room: CleanRoom, news: I, known?: Known<I, S>): Promise<void>;
  /** Whether there is work to do though the inputs are the same. Throws where the object is not what it must be. */
  isPending(room: CleanRoom, id: string, state: I & S): Promise<boolean>;
  create(room: CleanRoom, news: I): Promise<{ id: string; state: S }>;
  update(room: CleanRoom, id: string, state: I & S, news: I): Promise<S>;
  /**
   * Goes on after a creation or an update that broke off: `state` holds the inputs of that, which may have been written or
   * not, and what was observed before, if anything was. @default create
   */
  resume?(room: CleanRoom, id: string, state: I & Partial<S>, news: I): Promise<S>;
  /** What is there now, or undefined when the object is gone. `state` may hold inputs alone, of a creation that broke off. */
  read(room: CleanRoom, id: string, state: I & Partial<S>): Promise<S | undefined>;
  /** As for `read`, `state` may hold inputs alone. */
  delete(room: CleanRoom, id: string, state: I & Partial<S>): Promise<void>;
}
