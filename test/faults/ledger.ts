// What governance's ledger holds of one run, told so that two runs under other names can be compared: names, ids and
// versions by place instead of by value.
import { readFile } from "node:fs/promises";
import type { Change } from "../../sandbox/governance";
import type { TestRoom } from "../helpers/clean-room";

interface Line {
  readonly change: Change;
}

/** Changes whose repetition changes nothing: of those that follow each other only one is told. */
const REPEATABLE = new Set(["secret", "consent"]);

/** Every change in the ledger that has to do with what carries `tag` in its name, oldest first. */
export async function ledgerOf(room: TestRoom, tag: string): Promise<readonly string[]> {
  const changes = await changesIn(room);
  const proposals = changes.flatMap((change) =>
    change.kind === "proposal" && JSON.stringify(change).includes(tag) ? [change.id] : [],
  );
  const ours = changes
    .map((change) => JSON.stringify(change))
    .filter((change) => change.includes(tag) || proposals.some((id) => change.includes(id)));
  const told = ours.map((change) => anonymous(change, tag, proposals));
  return told.filter((change, index) => !isRepetition(change, told.slice(0, index)));
}

/** Every change, oldest first. */
export async function changesIn(room: TestRoom): Promise<readonly Change[]> {
  const text = await readFile(room.services.home.path("ledger.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as Line).change);
}

function anonymous(change: string, tag: string, proposals: readonly string[]): string {
  // What is written in base64, such as a store's settings, may hold the tag as well.
  let text = change.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, (code) => {
    const decoded = Buffer.from(code, "base64").toString("utf8");
    return decoded.includes(tag) ? JSON.stringify(decoded).slice(1, -1) : code;
  });
  for (const [index, id] of proposals.entries()) text = text.replaceAll(id, `proposal-${index + 1}`);
  return text
    .replace(new RegExp(`[\\w-]*${tag}[\\w-]*`, "g"), (name) => name.replace(/-[0-9a-f]{8,}$/, "-DIGEST"))
    .replaceAll(tag, "TAG")
    .replace(/"version":"[\d.]+"/g, '"version":"V"');
}

/** Whether it says what held before: the same was said last of the same thing, or a consent stands that was never taken back. */
function isRepetition(change: string, before: readonly string[]): boolean {
  const { kind } = JSON.parse(change) as Change;
  if (!REPEATABLE.has(kind)) return false;
  const subject = subjectOf(JSON.parse(change) as Change);
  const last = before.findLast((each) => subjectOf(JSON.parse(each) as Change) === subject);
  return last === undefined ? kind === "consent" && change.includes('"status":"enabled"') : last === change;
}

/** What is not as it should be, told by the first change that differs. */
export function differences(now: readonly string[], expected: readonly string[]): readonly string[] {
  const at = expected.findIndex((change, index) => change !== now[index]);
  const place = at < 0 ? expected.length : at;
  const [is = "nothing more", should = "nothing more"] = [now[place], expected[place]];
  if (is === should) return [];
  const same = [...should].findIndex((letter, index) => letter !== is[index]);
  const part = (text: string): string => text.slice(Math.max(0, same - 60), same + 200);
  return [`the ledger's change ${place + 1} is …${part(is)}…, and should be …${part(should)}…`];
}

function subjectOf(change: Change): string {
  switch (change.kind) {
    case "secret":
      return `secret ${change.id}`;
    case "consent":
      return `consent ${change.documentId} ${change.option} ${change.approverId}`;
    default:
      return change.kind;
  }
}
