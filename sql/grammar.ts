// Loads the grammar of Spark SQL from dt-sql-parser, the first time it is needed: its 1.4 MB would slow every start. Its
// modules are ES modules that neither Node nor jest loads as they are published, so they are transpiled and run here.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { transformSync } from "@swc/core";
import type { SparkSqlLexer } from "dt-sql-parser/dist/lib/spark/SparkSqlLexer";
import type { SparkSqlParser } from "dt-sql-parser/dist/lib/spark/SparkSqlParser";

export interface Grammar {
  readonly SparkSqlLexer: typeof SparkSqlLexer;
  readonly SparkSqlParser: typeof SparkSqlParser;
}

let loaded: Grammar | undefined;

/** @throws when the package is not installed, or is not as it was */
export function loadGrammar(): Grammar {
  if (loaded === undefined) {
    const folder = join(dirname(require.resolve("dt-sql-parser/package.json")), "dist", "lib", "spark");
    const load = loader();
    const lexer = load(join(folder, "SparkSqlLexer.js")) as Pick<Grammar, "SparkSqlLexer">;
    const parser = load(join(folder, "SparkSqlParser.js")) as Pick<Grammar, "SparkSqlParser">;
    loaded = { SparkSqlLexer: lexer.SparkSqlLexer, SparkSqlParser: parser.SparkSqlParser };
  }
  return loaded;
}

/** A loader of ES modules and of what they import from files beside them; packages are Node's own business. */
function loader(): (file: string) => unknown {
  const modules = new Map<string, { exports: object }>();
  const load = (file: string): unknown => {
    const found = modules.get(file);
    if (found !== undefined) {
      return found.exports;
    }
    const module = { exports: {} };
    modules.set(file, module);
    const requirePackage = createRequire(file);
    const requireFrom = (name: string): unknown =>
      name.startsWith(".") ? load(fileOf(resolve(dirname(file), name))) : requirePackage(name);
    const run = compileFunction(transpiled(file), ["exports", "require", "module"], { filename: file }) as (
      ...args: readonly unknown[]
    ) => void;
    run(module.exports, requireFrom, module);
    return module.exports;
  };
  return load;
}

function transpiled(file: string): string {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    swcrc: false,
    filename: file,
    jsc: { parser: { syntax: "ecmascript" }, target: "es2022" },
    module: { type: "commonjs" },
  });
  return code;
}

/** The published modules leave out the ending. */
const fileOf = (path: string): string => [path, `${path}.js`, join(path, "index.js")].find(isFile) ?? path;
const isFile = (path: string): boolean => path.endsWith(".js") && existsSync(path);
