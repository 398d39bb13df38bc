// A collaborator's own state folder and stack configuration in the sandbox's folder. The repository's configuration
// wins for the keys that it has; what the collaborator has added, salt and secrets included, stays.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { readIfThere, replaceFile } from "./files";
import type { Home } from "./home";

export interface StackFiles {
  /** Folder of the file backend. */
  readonly state: string;
  readonly config: string;
}

const repository = join(__dirname, "..", "stacks");
const DELETABLE = ["config", "cleanroom:deletable"];

/** @throws when either file is no YAML map, naming it */
export async function prepareStackFiles(home: Home, name: string): Promise<StackFiles> {
  const state = home.path("stacks", name);
  await mkdir(state, { recursive: true });
  const file = `Pulumi.${name}.yaml`;
  const config = join(state, file);
  const source = join(repository, file);
  const kept = parse(config, (await readIfThere(config)) ?? "{}\n");
  const given = parse(source, await readFile(source, "utf8"));
  const merged = mergeConfig(kept, given);
  // What is made in a sandbox is a rehearsal, which ends in a destroy.
  if (!merged.hasIn(DELETABLE)) merged.setIn(DELETABLE, "true");
  await replaceFile(config, merged.toString());
  return { state, config };
}

/** What belongs to one passphrase: of another's file it would only make this one unreadable. */
const passphraseKeys = ["encryptionsalt", "encryptedkey", "secretsprovider"];
const isEncrypted = (value: unknown): boolean => typeof value === "object" && value !== null && "secure" in value;

/** Top-level keys and the keys of `config` in `given` replace those in `kept`, save what is encrypted. */
export function mergeConfig(kept: Document, given: Document): Document {
  const values = (given.toJS() ?? {}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(values)) {
    if (passphraseKeys.includes(key)) continue;
    if (key !== "config") {
      kept.set(key, value);
      continue;
    }
    for (const [name, each] of Object.entries(value ?? {})) if (!isEncrypted(each)) kept.setIn(["config", name], each);
  }
  return kept;
}

function parse(path: string, text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  if (!isMap(document.contents)) throw new Error(`${path}: a map is expected, such as "config: {}"`);
  document.contents.flow = false;
  return document;
}
