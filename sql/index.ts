// Checks of a query's SQL: each passed, failed with the places, or could not be checked and says why.
import { runChecks, type Check } from "./check";
import { hidesNothing } from "./checks/hides-nothing";
import { namesColumns } from "./checks/names-columns";
import { parses } from "./checks/parses";
import { readsInputsOnly } from "./checks/reads-inputs-only";
import { staysInside } from "./checks/stays-inside";
import { writesOutputOnly } from "./checks/writes-output-only";
import type { CheckResult, SqlQuery } from "./types";

export { PARSER_FAILED } from "./check";
export type { CheckResult, Finding, SqlQuery, SqlSegment } from "./types";

export const CHECKS: readonly Pick<Check, "code" | "title" | "remedy">[] = [
  parses,
  hidesNothing,
  readsInputsOnly,
  writesOutputOnly,
  staysInside,
  namesColumns,
];

/** Every check of a query, in one order. Loads the parser when it is first called, which takes some tenths of a second. */
export function checkSql(query: SqlQuery): readonly CheckResult[] {
  return runChecks(CHECKS as readonly Check[], query);
}
