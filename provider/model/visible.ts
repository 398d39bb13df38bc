// Texts of others as a terminal may show them: what would be invisible there, would move the cursor or turn the direction
// of writing is spelled out, so that what is read is what is there.

/** Controls, formats (direction marks, joiners, soft hyphens), line and paragraph separators, halves of characters. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text of one line. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A text of several lines: ends of lines and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(HIDDEN, (character) => (/[\n\t]/.test(character) ? character : visible(character)));
}
