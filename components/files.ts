// Files beside a program: SQL texts, and data to be uploaded, told apart by their content.
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A file with data, by its place in the project and its content. */
export interface DataFile {
  /** Path from the project's root, with '/', so that it is the same on every machine. */
  readonly path: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
}

/** Reads an SQL text. `path` is absolute: `join(__dirname, "query.sql")`. */
export function sqlFile(path: string): string {
  return readFileSync(path, "utf8");
}

/** Reads a JSON value, such as a schema. `path` is absolute. */
export function jsonFile<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** A data file of any size; `path` is absolute and below the project's root. */
export function dataFile(path: string): DataFile {
  const place = relative(pulumi.runtime.getRootDirectory(), path);
  if (isAbsolute(place) || place.startsWith("..")) {
    throw new pulumi.RunError(
      `Data file '${path}' is outside the project (${pulumi.runtime.getRootDirectory()}): move it below, so that every machine finds it.`,
    );
  }
  return { path: place.split(/[\\/]/).join("/"), sha256: hashFile(join(pulumi.runtime.getRootDirectory(), place)) };
}

function hashFile(path: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(1 << 20);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
