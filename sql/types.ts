// What is checked, and what a check says of it.
import type { Place } from "./parse";

export interface SqlSegment {
  /** When it runs: lower ones first. */
  readonly sequence: number;
  readonly sql: string;
}

export interface SqlQuery {
  readonly segments: readonly SqlSegment[];
  /** Views that datasets provide; undefined where that is not known, as for a part of a query. */
  readonly inputs:
    | readonly {
        readonly view: string;
        /** Whether it is the author's own data. @default false */ readonly own?: boolean;
      }[]
    | undefined;
  /** View that the result is written to; undefined where that is not known. */
  readonly output: string | undefined;
}

export interface Finding extends Place {
  /** Sequence of the segment. */
  readonly segment: number;
  /** What is wrong there, after the place. */
  readonly problem: string;
}

export interface CheckResult {
  readonly code: string;
  /** What must hold. */
  readonly title: string;
  readonly remedy: string;
  readonly outcome: "passed" | "failed" | "unchecked";
  /** Why it could not be checked. */
  readonly because?: string;
  /** Empty unless it failed. */
  readonly findings: readonly Finding[];
}
