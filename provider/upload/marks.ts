// What an upload writes into its object's metadata, so that whoever looks at the object can tell which content it has, how
// it was encrypted and with which key. The names hold letters alone, which every store takes.
import { createHmac } from "node:crypto";
import type { EncryptionMode } from "../../contract";
import { fingerprintOf } from "../model/data-key";

/** By name, as the stores answer it: in lower case. */
export interface Marks {
  readonly [name: string]: string;
  /**
   * Which file it is: `sha256:<hex>` of it; where a key encrypts, `hmac:<hex>`, keyed with that key, so that the store,
   * which is not to know the content, can't compare it with what it guesses.
   */
  readonly cleanroomcontent: string;
  /** How it was encrypted: CSE, CPK or SSE. */
  readonly cleanroommode: string;
  /**
   * Which key encrypts it: the fingerprint that DataKey shows of the key it wraps; `none` for SSE. Where the two differ,
   * the data was encrypted with one key, and another was wrapped for the clean room.
   */
  readonly cleanroomkey: string;
}

/** @param sha256 of the file, hexadecimal */
export function marksOf(sha256: string, mode: EncryptionMode, key: Buffer | undefined): Marks {
  return {
    cleanroomcontent:
      key === undefined
        ? `sha256:${sha256}`
        : `hmac:${createHmac("sha256", key).update(`content ${sha256}`).digest("hex")}`,
    cleanroommode: mode,
    cleanroomkey: key === undefined ? "none" : fingerprintOf(key),
  };
}

/** Whether an object's metadata says that it is this very upload. */
export function carries(metadata: Readonly<Record<string, string>>, marks: Marks): boolean {
  const lower = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(marks).every(([name, value]) => lower[name] === value);
}
