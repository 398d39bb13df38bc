// What is secret is never said: not in an error, not in a log, in no encoding. By value: what this process was given as
// secret. By key: what a service calls a token, a password or a key in words that we quote.
import { visibleLines } from "../model/visible";
import { hideNamed } from "./by-key";
import { hideKnown } from "./by-value";

export { hideKnown, knowSecret } from "./by-value";

/** So much of a service's words is looked at; less is shown. */
const LOOKED_AT = 16_384;

/** Words of a service as they may be quoted: without what is known to be secret, without what looks so, with nothing invisible, and not too long. */
export function quotable(words: string, longest: number): string {
  const hidden = hideNamed(hideKnown(words.slice(0, LOOKED_AT)).slice(0, 2 * longest));
  return hidden.length <= longest && words.length <= LOOKED_AT
    ? visibleLines(hidden)
    : `${visibleLines(hidden.slice(0, longest))}… (${words.length} characters)`;
}
