import type { Check } from "../check";
import type { Place } from "../parse";

const TURNS = "a character that turns the direction of writing";
const UNSEEN = "an invisible character";
const CONTROL = "a control character, which some show as a new line and others do not";

/** What an editor does not show, or shows in another order than it is read (Unicode UAX #9, UTS #39 and #55). */
const RANGES: readonly (readonly [from: number, to: number, what: string])[] = [
  [0x0000, 0x0008, CONTROL],
  [0x000b, 0x000c, CONTROL],
  [0x000e, 0x001f, CONTROL],
  [0x007f, 0x009f, CONTROL],
  [0x00ad, 0x00ad, UNSEEN],
  [0x034f, 0x034f, UNSEEN],
  [0x061c, 0x061c, TURNS],
  [0x115f, 0x1160, UNSEEN],
  [0x17b4, 0x17b5, UNSEEN],
  [0x180b, 0x180f, UNSEEN],
  [0x200b, 0x200d, UNSEEN],
  [0x200e, 0x200f, TURNS],
  [0x2028, 0x2029, CONTROL],
  [0x202a, 0x202e, TURNS],
  [0x2060, 0x2064, UNSEEN],
  [0x2066, 0x2069, TURNS],
  [0x206a, 0x206f, UNSEEN],
  [0x3164, 0x3164, UNSEEN],
  [0xfe00, 0xfe0f, UNSEEN],
  [0xfeff, 0xfeff, UNSEEN],
  [0xffa0, 0xffa0, UNSEEN],
  [0xfff9, 0xfffb, UNSEEN],
  [0xe0000, 0xe0fff, UNSEEN],
];

/** So many blanks push what follows out of the window. */
const PUSHED = /[^\S\n]{100,}(?=\S)/gu;

export const hidesNothing: Check = {
  code: "sql-hides-nothing",
  title:
    "What is shown is what is run: nothing is invisible, out of order, out of sight, or looks like something else.",
  remedy: "Write it in plain characters, one after the other.",
  ofText: true,
  find: ({ sql }) => {
    const found = [...unseen(sql)];
    for (const { index } of sql.matchAll(PUSHED)) {
      found.push([index, "goes on far to the right, out of sight"]);
    }
    for (const { index, 0: word } of withoutTexts(sql).matchAll(/[\p{L}\p{N}_]+/gu)) {
      if ([...word].some((letter) => (letter.codePointAt(0) ?? 0) > 0x7f)) {
        found.push([index, `has the name '${word}', in letters that can look like others`]);
      }
    }
    return found.sort(([a], [b]) => a - b).map(([index, problem]) => [placeOf(sql, index), problem] as const);
  },
};

function* unseen(sql: string): Generator<readonly [index: number, problem: string]> {
  let index = 0;
  for (const character of sql) {
    const code = character.codePointAt(0) ?? 0;
    const isLoneReturn = character === "\r" && sql[index + 1] !== "\n";
    const what = isLoneReturn ? CONTROL : RANGES.find(([from, to]) => code >= from && code <= to)?.[2];
    if (what !== undefined) {
      yield [index, `has ${what} (U+${code.toString(16).toUpperCase().padStart(4, "0")})`];
    }
    index += character.length;
  }
}

/** The text with literals and comments blanked out: what may be in any language, and is no name. */
function withoutTexts(sql: string): string {
  const texts = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//gu;
  return sql.replace(texts, (text) => text.replace(/[^\n]/g, " "));
}

function placeOf(sql: string, index: number): Place {
  const before = sql.slice(0, index).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
