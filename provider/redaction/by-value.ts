// Known secrets are found in every text that leaves the process, plain or encoded, whole or cut short.
import { viewsOf } from "./views";

/** What stands in a secret's place. */
export const HIDDEN = "[hidden]";

/** Shorter ones can't be told from ordinary words, in which nothing is to be hidden. */
const SHORTEST = 8;
/** So much of a secret's beginning gives it away, where a text cuts it short. */
const HEAD = 12;
/** A line or a field of a secret that is as long as this is a secret of its own. */
const PART = 16;

/** Forms in which a secret may stand in a text; a head of each is looked for. */
const forms = new Map<string, Set<string>>();
const known = new Set<string>();

/** From now on this text, and whatever encodes it, is hidden in everything that is said. */
export function knowSecret(secret: string): void {
  if (known.has(secret) || secret.length < SHORTEST) {
    return;
  }
  known.add(secret);
  for (const part of partsOf(secret)) {
    for (const form of formsOf(Buffer.from(part, "utf8"))) {
      const head = form.slice(0, HEAD);
      forms.set(head, (forms.get(head) ?? new Set()).add(form));
    }
  }
}

/** The text without any known secret. Where one stands in an escaped form, the text is given unescaped. */
export function hideKnown(text: string): string {
  if (forms.size === 0) {
    return text;
  }
  let shown = hideForms(text);
  for (const view of viewsOf(shown)) {
    const hidden = hideForms(view);
    if (hidden !== view) {
      shown = hidden;
    }
  }
  return shown;
}

function hideForms(text: string): string {
  let shown = text;
  for (const [head, whole] of forms) {
    for (let at = shown.indexOf(head); at >= 0; at = shown.indexOf(head, at + HIDDEN.length)) {
      const length = Math.max(...[...whole].map((form) => commonLength(form, shown, at)));
      shown = `${shown.slice(0, at)}${HIDDEN}${shown.slice(at + length)}`;
    }
  }
  return shown;
}

/** How much of `form` stands in `text` from `at` on. */
function commonLength(form: string, text: string, at: number): number {
  let length = 0;
  while (length < form.length && form[length] === text[at + length]) {
    length++;
  }
  return length;
}

/** The secret, what it is base64 of, and what of it is secret alone: lines, texts of a JSON object, a token's signature. */
function partsOf(secret: string): Set<string> {
  const wholes = [secret];
  const bytes = Buffer.from(secret, "base64");
  if (bytes.length >= SHORTEST && bytes.toString("base64") === secret) {
    const text = bytes.toString("utf8");
    // Bytes that are no text are known by their base64 and their hexadecimal digits.
    wholes.push(Buffer.from(text, "utf8").equals(bytes) ? text : bytes.toString("hex"));
  }
  const parts = wholes.flatMap((whole) => [...whole.split(/\r?\n|\./), ...textsOf(whole)]);
  return new Set([...wholes, ...parts.filter((part) => part.length >= PART)]);
}

function textsOf(whole: string): readonly string[] {
  try {
    const fields: unknown = whole.startsWith("{") ? JSON.parse(whole) : {};
    return Object.values(fields as object).filter((value): value is string => typeof value === "string");
  } catch {
    return []; // no JSON, so it has no fields
  }
}

function formsOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString("utf8");
  const hex = bytes.toString("hex");
  return [text, hex, hex.toUpperCase(), ...base64Of(bytes)].filter((form) => form.length >= SHORTEST);
}

/** Base64 of the bytes wherever they begin within the encoded text, in both alphabets, without what neighbours touch. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const from = before === 0 ? 0 : before + 1;
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const form = encoded.slice(from, to);
    return form.length < HEAD / 2 ? [] : [form, form.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
