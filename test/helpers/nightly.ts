// What the nightly run and the tests that it enlarges share: the seed, and the account of what was run.
import { appendFileSync } from "node:fs";

/** Whether this is the nightly run: everything is run then, elsewhere a slice of it. */
export const isNightly = process.env.CLEANROOM_NIGHTLY !== undefined;

/** What every random choice of a test is made from; said by the nightly run, so that it can be run again. */
export const seed = Number(process.env.CLEANROOM_TEST_SEED ?? "1");

/** Tells the nightly run how many cells, or runs, of what were done. */
export function account(what: string, cells: number): void {
  const file = process.env.CLEANROOM_NIGHTLY;
  if (file !== undefined && file !== "") appendFileSync(file, `${JSON.stringify({ what, cells })}\n`);
}
