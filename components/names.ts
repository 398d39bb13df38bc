// Names of cloud resources: short enough for the cloud, and the same on every run.
import { createHash } from "node:crypto";

/** At most `longest` characters of `name`; a longer one keeps its beginning and ends in a digest of the whole. */
export function shortened(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 6)}${hex(name).slice(0, 6)}`;
}

/** A storage account's part of a name: lower-case letters and digits only. */
export function accountName(name: string, longest: number): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return shortened(plain === "" ? "cleanroom" : plain, longest);
}

/** A part of the names of a vault's keys and secrets: letters, digits and hyphens only. */
export function vaultObjectName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, "-");
}

/** A vault's part of a name: as above, beginning with a letter, without two hyphens in a row or one at its end. */
export function vaultName(name: string, longest: number): string {
  const plain = vaultObjectName(name)
    .replace(/^[^A-Za-z]+/, "")
    .replace(/-+/g, "-");
  return shortened(plain === "" ? "vault" : plain, longest).replace(/-$/, "");
}

/** A GUID made from texts: the same texts give the same one, so that a second run finds what the first made. */
export function guidFrom(...texts: readonly string[]): string {
  const digits = hex(texts.join("\n"));
  const variant = ((parseInt(digits.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `5${digits.slice(13, 16)}`,
    `${variant}${digits.slice(18, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}

function hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A managed identity's part of a name: letters, digits, '-' and '_', beginning with a letter or digit. */
export function identityName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return shortened(plain === "" ? "cleanroom" : plain, 100);
}

/** A container's name: 3 to 63 lower-case letters, digits and single hyphens, none of them at an end. */
export function containerName(name: string): string {
  const plain = shortened(name.toLowerCase().replace(/[^a-z0-9]+/g, "-"), 63).replace(/^-+|-+$/g, "");
  return plain.length < 3 ? `data-${plain}`.replace(/-+$/, "") : plain;
}
