// What a check is given, and how it is written: a function that finds places. What could not be parsed is not checked,
// and is not said to have passed.
import { parse, type Node, type Parsed, type Place } from "./parse";
import type { CheckResult, Finding, SqlQuery, SqlSegment } from "./types";

/** Begins the reason why nothing could be checked that needs the parser. */
export const PARSER_FAILED = "the SQL parser failed";

/** A segment with what the parser made of it. */
export interface ParsedSegment extends SqlSegment, Parsed {}

export interface Check {
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
  /** Whether it looks at the text alone. */
  readonly ofText?: boolean;
  /** Why it cannot be checked for this query; undefined when it can. */
  readonly cannot?: (query: SqlQuery) => string | undefined;
  readonly find: (
    segment: ParsedSegment,
    query: SqlQuery,
    all: readonly ParsedSegment[],
  ) => readonly (readonly [Place, string])[];
}

export function runChecks(checks: readonly Check[], query: SqlQuery): readonly CheckResult[] {
  const segments = [...query.segments].sort((a, b) => a.sequence - b.sequence);
  let parsed: readonly ParsedSegment[] | undefined;
  let reason: string | undefined;
  try {
    parsed = segments.map((segment) => ({ ...segment, ...parse(segment.sql) }));
  } catch (error) {
    reason = `${PARSER_FAILED}: ${error instanceof Error ? error.message : String(error)}`;
  }
  return checks.map((check) => {
    const { code, title, remedy } = check;
    const because = check.ofText ? undefined : (reason ?? check.cannot?.(query));
    const subject = check.ofText ? segments.map((segment) => ({ ...segment, ...NOTHING })) : (parsed ?? []);
    if (because !== undefined) {
      return { code, title, remedy, outcome: "unchecked", because, findings: [] };
    }
    // What the parser guesses of a text that it can't parse is no ground for a finding.
    const readable = code === "sql-parses" ? subject : subject.filter(({ errors }) => errors.length === 0);
    const findings = readable.flatMap((segment) =>
      check.find(segment, query, subject).map(([{ line, column }, problem]): Finding => ({
        segment: segment.sequence,
        line,
        column,
        problem,
      })),
    );
    const broken = check.ofText || code === "sql-parses" ? undefined : subject.find(({ errors }) => errors.length > 0);
    if (findings.length === 0 && broken !== undefined) {
      const unparsed = `segment ${broken.sequence} can't be parsed`;
      return { code, title, remedy, outcome: "unchecked", because: unparsed, findings };
    }
    return { code, title, remedy, outcome: findings.length === 0 ? "passed" : "failed", findings };
  });
}

const NOTHING: Parsed = { statements: [], words: [], errors: [] };

/** The place of a node, for a finding. */
export const at = ({ line, column }: Node): Place => ({ line, column });
