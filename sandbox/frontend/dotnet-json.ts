// JSON as System.Text.Json writes it by default: what is not plain ASCII, and what HTML could trip over, is escaped.

/** @param indent as `WriteIndented` does: two spaces */
export function dotnetJson(value: unknown, indent = false): string {
  const text = JSON.stringify(value, undefined, indent ? 2 : undefined);
  return text.replace(/\\\\|\\"|[^\n\x20-\x7e]|[&'+<>`]/g, (found) => {
    if (found === "\\\\") return found;
    return escape(found === '\\"' ? '"' : found);
  });
}

const escape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
