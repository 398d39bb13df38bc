// What a rule is: what must hold, what goes wrong without it, what to do, where that is written, and the code that judges.
import type { Context, StackContext } from "./context";
import type { Resource } from "./resource";
import type { Settings, ValuesOf } from "./settings";
import type { Wire } from "./values";

export const GROUPS = ["keys", "identities", "stores", "secrets", "documents", "queries", "pack"] as const;
export type Group = (typeof GROUPS)[number];

/** An item of a benchmark, or of the clean room's own contract. */
export interface Reference {
  readonly source: "CIS Azure" | "CIS AWS" | "MCSB" | "Clean room";
  /** Item or control, such as `8.5` or `DP-6`; of the clean room, the place in its contract. */
  readonly item: string;
}

/** CIS Microsoft Azure Foundations Benchmark 2.1.0. */
export const cisAzure = (item: string): Reference => ({ source: "CIS Azure", item });
/** CIS Amazon Web Services Foundations Benchmark 3.0.0. */
export const cisAws = (item: string): Reference => ({ source: "CIS AWS", item });
/** Microsoft cloud security baseline v1. */
export const mcsb = (item: string): Reference => ({ source: "MCSB", item });
/** What the clean room's services check, expect, or leave unchecked. */
export const cleanRoom = (item: string): Reference => ({ source: "Clean room", item });

export interface RuleDefinition<S extends Settings> {
  /** What configuration and exceptions name it by: lower-case words with hyphens. */
  readonly code: string;
  readonly group: Group;
  /** What must hold, in a sentence. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly risk: string;
  /** What to do, in the imperative: ends every message. */
  readonly remedy: string;
  readonly references: readonly [Reference, ...Reference[]];
  readonly settings?: S;
  /** Types that `judge` is asked about, without versions; all when left out. */
  readonly types?: readonly string[];
  /** Judges one resource before it is made or changed, by its inputs. */
  readonly judge?: (resource: Resource, context: Context<ValuesOf<S>>) => void;
  /** Judges what several resources make together, at the end of a preview and of an up. */
  readonly judgeStack?: (context: StackContext<ValuesOf<S>>) => void;
  /** Inputs that comply, where that is safe to do unasked; undefined when there is nothing to do. Off by default. */
  readonly remediate?: (resource: Resource, settings: ValuesOf<S>) => Wire | undefined;
}

/** A rule whatever its settings are: the framework hands it values that fit them. */
export interface Rule extends Omit<RuleDefinition<Settings>, "judge" | "judgeStack" | "remediate"> {
  readonly settings: Settings;
  readonly judge?: (resource: Resource, context: Context<never>) => void;
  readonly judgeStack?: (context: StackContext<never>) => void;
  readonly remediate?: (resource: Resource, settings: never) => Wire | undefined;
}

export function defineRule<const S extends Settings = Record<never, never>>(rule: RuleDefinition<S>): Rule {
  return { ...rule, settings: rule.settings ?? {} };
}
