// What a service calls a secret is hidden in its words, though the value is not known here: a token of its own, a key.
import { HIDDEN } from "./by-value";

/** Ends of names whose values are secret. `secretId`, `keyName` and `tokenIssuer` say where, not what. */
const NAME =
  "[\\w.-]{0,40}(?:token|secret|password|passwd|pwd|passphrase|authorization|credentials?|signature|cookie|" +
  "(?:api|access|secret|private|account|shared|subscription|encryption|storage)[-_ ]?key|" +
  "secret[-_]?value|secret[-_]?config|connection[-_]?string)|sig|sas|key";

const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  // a JSON web token, whole or without its signature
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, HIDDEN],
  // a user and a password in a URL
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"']{1,500}@/gi, `$1${HIDDEN}@`],
  // "token": "...", with its quotes escaped or not, to the end where it was cut short
  [new RegExp(`("(?:${NAME})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*(?:"|$)|[^\\s",\\[{}\\]]+)`, "gi"), `$1"${HIDDEN}"`],
  [
    new RegExp(`(\\\\"(?:${NAME})\\\\"\\s*:\\s*)(?:\\\\"(?:(?!\\\\").)*(?:\\\\"|$)|[^\\s"\\\\,\\[{}\\]]+)`, "gi"),
    `$1\\"${HIDDEN}\\"`,
  ],
  [new RegExp(`('(?:${NAME})'\\s*:\\s*)'[^']*(?:'|$)`, "gi"), `$1'${HIDDEN}'`],
  // Authorization: Bearer ..., x-api-key: ...; the words that follow a colon in a sentence stay
  [
    new RegExp(`\\b((?:${NAME}):\\s*)(?:(?:bearer|basic|sharedkey|digest)\\s+\\S+|(?=\\S*\\d)\\S{12,})`, "gi"),
    `$1${HIDDEN}`,
  ],
  [/\b((?:bearer|basic)\s+)(?=\S*[\d._=-])[\w.~+/=-]{12,}/gi, `$1${HIDDEN}`],
  // token=..., as in a query
  [new RegExp(`\\b((?:${NAME})=)[^\\s&;,"'<>]+`, "gi"), `$1${HIDDEN}`],
];

/** The words with every value hidden whose name or form says that it is secret. */
export function hideNamed(words: string): string {
  return RULES.reduce((text, [pattern, shown]) => text.replace(pattern, shown), words);
}
