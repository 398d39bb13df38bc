// `npm run definitions`: writes the definition of every type and function that the sandbox models, and removes others.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { definitionFiles, expectedFiles, folder } from "./files";

const wanted = expectedFiles();
for (const [path, text] of wanted) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
for (const path of definitionFiles()) if (!wanted.has(path)) rmSync(join(folder, path));
process.stdout.write(`${wanted.size} definitions in sandbox/clouds/definitions\n`);
