// What a rule is given besides the resource: its settings, and ways to say what it found.
import type { Configuration } from "./configuration";
import type { Resource } from "./resource";
import { NotKnownYet } from "./values";

export interface At {
  /** The resource that is in the wrong. @default the one that is judged; the stack, for stack rules */
  readonly of?: Resource;
  /** What to do. @default the rule's own remedy */
  readonly remedy?: string;
}

/** What a rule found, before exceptions and levels are applied. */
export type Finding =
  | { readonly kind: "violation"; readonly problem: string; readonly remedy?: string; readonly of?: Resource }
  | { readonly kind: "note"; readonly text: string; readonly of?: Resource }
  | { readonly kind: "unknown"; readonly path: string; readonly of?: Resource }
  | { readonly kind: "thrown"; readonly error: unknown; readonly of?: Resource };

export interface Context<S> {
  readonly settings: S;
  /** What the whole pack is set to. */
  readonly configuration: Configuration;
  /** A violation: `problem` follows the resource's label and is followed by the remedy. */
  readonly report: (problem: string, at?: At) => void;
  /** Something to know that violates nothing. */
  readonly note: (text: string, of?: Resource) => void;
  /** A value that the rule had to see and that is not known yet, where the rule does not read it through `inputs`. */
  readonly unknown: (path: string, of?: Resource) => void;
  /** Judges each item by itself: one that is not known yet does not keep the others from being judged. */
  readonly each: <T>(items: Iterable<T>, judge: (item: T) => void, of?: (item: T) => Resource | undefined) => void;
}

export interface StackContext<S> extends Context<S> {
  readonly resources: readonly Resource[];
  /** Resources of these types. */
  readonly of: (...types: readonly string[]) => readonly Resource[];
  /** Judges each resource of the types by itself, and reports on it unless told otherwise. */
  readonly eachOf: (types: readonly string[], judge: (resource: Resource, context: Context<S>) => void) => void;
}

export function contextOf<S>(
  settings: S,
  configuration: Configuration,
  add: (finding: Finding) => void,
  judged?: Resource,
): Context<S> {
  return {
    settings,
    configuration,
    report: (problem, { of = judged, remedy } = {}) => add({ kind: "violation", problem, of, remedy }),
    note: (text, of = judged) => add({ kind: "note", text, of }),
    unknown: (path, of = judged) => add({ kind: "unknown", path, of }),
    each: (items, judge, of = () => judged) => {
      for (const item of items) {
        attempt(() => judge(item), add, of(item));
      }
    },
  };
}

export function stackContextOf<S>(
  settings: S,
  configuration: Configuration,
  add: (finding: Finding) => void,
  resources: readonly Resource[],
): StackContext<S> {
  const of = (...types: readonly string[]): readonly Resource[] => resources.filter(({ type }) => types.includes(type));
  return {
    ...contextOf(settings, configuration, add),
    resources,
    of,
    eachOf: (types, judge) => {
      for (const resource of of(...types)) {
        attempt(() => judge(resource, contextOf(settings, configuration, add, resource)), add, resource);
      }
    },
  };
}

/** Runs a judgement: what it could not know, or that it failed, is a finding, too. */
export function attempt(judge: () => void, add: (finding: Finding) => void, of?: Resource): void {
  try {
    judge();
  } catch (error) {
    add(error instanceof NotKnownYet ? { kind: "unknown", path: error.path, of } : { kind: "thrown", error, of });
  }
}
