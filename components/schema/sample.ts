// The beginning of a data file, of whatever size the file is: enough to see what it holds.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** Bytes that are looked at: files are of any size. */
export const SAMPLE_BYTES = 4 * 1024 * 1024;
/** Rows that are looked at. */
export const SAMPLE_ROWS = 10_000;

export interface Sample {
  /** From the file's first on. */
  readonly bytes: Buffer;
  /** Whether the file goes on: the last row may be a part of one. */
  readonly cut: boolean;
}

export function sampleOf(path: string): Sample {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
    let read = 0;
    for (let now = -1; read < bytes.length && now !== 0; read += now) {
      now = readSync(file, bytes, read, bytes.length - read, read);
    }
    return { bytes: bytes.subarray(0, read), cut: size > read };
  } finally {
    closeSync(file);
  }
}

/** What a file cannot be taken for. */
export function unfit(file: string, problem: string): pulumi.RunError {
  return new pulumi.RunError(`Data file '${file}': ${problem}`);
}
