// What an upload writes into its object's metadata: which content, how encrypted, with which key. The reader names by it
// what was brought up otherwise than the dataset says; nothing is decided by it, for whoever may write may write it, too.
import type { EncryptionMode } from "../../contract";
import { fingerprint } from "./fingerprint";
import { Unmet } from "./steps";

const [MODE, KEY] = ["cleanroommode", "cleanroomkey"];

const AGAIN =
  "bring the data up again: the argument `data` of AzureDataset and S3Dataset encrypts as the dataset says, with the key that is wrapped for it";

/** @throws Unmet when the object says that it was encrypted otherwise than the dataset's descriptor says */
export function checkMarks(
  name: string,
  metadata: Readonly<Record<string, string>>,
  mode: EncryptionMode,
  key: Buffer | undefined,
): void {
  const [itsMode, itsKey] = [metadata[MODE], metadata[KEY]];
  if (itsMode !== undefined && itsMode !== mode) {
    throw new Unmet(`${name} was brought up as ${itsMode}, the dataset says ${mode}`, AGAIN);
  }
  const expected = key && fingerprint(key);
  if (itsKey !== undefined && expected !== undefined && itsKey !== expected) {
    throw new Unmet(
      `${name} was encrypted with the key of fingerprint ${itsKey}, the dataset's is ${expected}: encrypted with one key, wrapped another`,
      AGAIN,
    );
  }
}
