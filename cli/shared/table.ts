// How commands show things to a person.

/** Rows with their columns in line, indented by two; cells may hold text of others. */
export function table(rows: readonly (readonly string[])[]): string {
  return tableLines(rows).join("\n");
}

/** The same, line by line, for those who put something between them. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  const shown = rows.map((row) => row.map(printable));
  for (const row of shown)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return shown.map(
    (row) =>
      `  ${row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd()}`,
  );
}

/** Text of others, such as a document's id, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
