// Reads JSON that others wrote: what is broken, or nested deeper than anything that is meant, is refused before a
// function that follows its levels could run out of stack.

/** The deepest of the contract's answers has twelve levels. */
const DEEPEST = 100;

/** A text that is no JSON, or none that anybody means. Its message quotes nothing of the text. */
export class UnreadableJsonError extends SyntaxError {}

export function parseJson(text: string): unknown {
  if (isDeep(text)) {
    throw new UnreadableJsonError(`JSON nested deeper than ${DEEPEST} levels`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new UnreadableJsonError(`broken JSON (${text.length} characters)`);
  }
}

function isDeep(text: string): boolean {
  let level = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case "\\":
        at++;
        break;
      case '"':
        quoted = !quoted;
        break;
      case "[":
      case "{":
        level += quoted ? 0 : 1;
        if (level > DEEPEST) {
          return true;
        }
        break;
      case "]":
      case "}":
        level -= quoted ? 0 : 1;
        break;
    }
  }
  return false;
}
