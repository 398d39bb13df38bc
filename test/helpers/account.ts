// The nightly run's account of what was tried: each test says how many cells, or runs, of what it had.
import { appendFileSync } from "node:fs";

/** Told by `npm run test:nightly`: the file that it reads afterwards. */
const FILE = process.env.NIGHTLY_ACCOUNT ?? "";

/** Says that so many `what` were tried; nothing outside the nightly run. */
export function account(what: string, count: number): void {
  if (FILE !== "") appendFileSync(FILE, `${JSON.stringify({ what, count })}\n`);
}
