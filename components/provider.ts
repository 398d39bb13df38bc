// The provider as the program's own process sees it: by name, like the engine's, so that both always mean the same code.
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as provider from "../provider";
import type * as upload from "../provider/upload";

/** The provider package of this program. */
export function loadProvider(): Pick<typeof provider, "sources"> {
  return load("pulumi-cleanroom/provider") as typeof provider;
}

/** The uploading program of this package, for a look at what it has brought up. */
export function loadUpload(): Pick<typeof upload, "look"> {
  return load("pulumi-cleanroom/upload") as typeof upload;
}

const load = (name: string): unknown => createRequire(join(__dirname, "x.js"))(name);
