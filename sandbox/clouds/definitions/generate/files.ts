// Which definitions there should be, with their content, and which there are.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packages } from "../../packages";
import { fileOf } from "../definition";
import { Generator, written } from "./definitions";

export const folder = join(__dirname, "..");

/** By path below the folder. */
export function expectedFiles(): ReadonlyMap<string, string> {
  const generator = new Generator();
  const tokens = packages.flatMap(({ models, functions }) => [
    ...models.map(({ type }) => type),
    ...functions.map(({ token }) => token),
  ]);
  return new Map(tokens.map((token) => [fileOf(token), written(generator.definition(token))]));
}

export function definitionFiles(): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return all.filter((each) => each.endsWith(".json")).sort();
}
