// The provider as the program's own process sees it: by name, like the engine's, so that both always mean the same code.
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as provider from "../provider";

/** The provider package of this program. */
export function loadProvider(): Pick<typeof provider, "sources"> {
  return createRequire(join(__dirname, "x.js"))("pulumi-cleanroom/provider") as typeof provider;
}
