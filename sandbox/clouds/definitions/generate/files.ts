// Which definitions there should be, with their content, and which there are.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packages } from "../../packages";
import { REGION } from "../../aws/common";
import { fileOf } from "../definition";
import { Generator, written } from "./definitions";

/** Enumerations that rules of models ask for. */
const ENUMERATIONS = [REGION];

export const folder = join(__dirname, "..");

/** By path below the folder. */
export function expectedFiles(): ReadonlyMap<string, string> {
  const generator = new Generator();
  const tokens = packages.flatMap(({ models, functions }) => [
    ...models.map(({ type }) => type),
    ...functions.map(({ token }) => token),
  ]);
  return new Map([
    ...tokens.map((token) => [fileOf(token), written(generator.definition(token))] as const),
    ...ENUMERATIONS.map((token) => [fileOf(token), `${JSON.stringify(generator.enumeration(token))}\n`] as const),
  ]);
}

export function definitionFiles(): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return all.filter((each) => each.endsWith(".json")).sort();
}
