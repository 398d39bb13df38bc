// Declarations of a Pulumi package, found by name in its `.d.ts` files, which are parsed but not type-checked. The large
// ones are cut to the namespace that is asked for: so all that is needed takes well under a second.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

export class Declarations {
  private readonly texts = new Map<string, string>();
  private readonly parsed = new Map<string, ts.SourceFile>();

  /** @param root folder of the installed package */
  constructor(readonly root: string) {}

  get version(): string {
    return (JSON.parse(this.text("package.json")) as { readonly version: string }).version;
  }

  /** @param module folder of the package, or `index` for its root. @param name of a class or function */
  file(module: string, name: string): ts.SourceFile {
    const base = `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}.d.ts`;
    return this.parse(module === "index" ? base : `${module}/${base}`);
  }

  /** @param qualified `keyvault.VaultPropertiesArgs`, or a name alone */
  input(qualified: string): ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
    const [name = "", namespace] = qualified.split(".").reverse();
    const found = declarations(this.namespace("types/input.d.ts", namespace)).find(
      (each) => (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) && each.name.text === name,
    );
    if (found === undefined) throw new Error(`${this.root} declares no input ${qualified}`);
    return found as ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
  }

  /** The values of an enumeration, in the order of their declaration. @param qualified as of `input` */
  values(qualified: string): readonly string[] {
    const [name = "", namespace] = qualified.split(".").reverse();
    const file = this.parse(namespace === undefined ? "types/enums/index.d.ts" : `types/enums/${namespace}/index.d.ts`);
    const variables = declarations(file).filter(ts.isVariableStatement);
    const found = variables
      .flatMap((each) => [...each.declarationList.declarations])
      .find((each) => each.name.getText(file) === name);
    if (found?.type === undefined || !ts.isTypeLiteralNode(found.type)) {
      throw new Error(`${this.root} declares no enumeration ${qualified}`);
    }
    const values = found.type.members.map((each) => literalOf(each, file));
    return [...new Set(values)];
  }

  private namespace(path: string, namespace: string | undefined): ts.SourceFile {
    if (namespace === undefined) return this.parse(path);
    const key = `${path} ${namespace}`;
    const known = this.parsed.get(key);
    if (known !== undefined) return known;
    const text = this.text(path);
    const head = `\nexport declare namespace ${namespace} {\n`;
    const start = text.indexOf(head);
    const end = text.indexOf("\n}\n", start);
    if (start === -1 || end === -1) throw new Error(`${join(this.root, path)} declares no namespace ${namespace}`);
    return this.keep(key, text.slice(start + head.length, end));
  }

  private parse(path: string): ts.SourceFile {
    return this.parsed.get(path) ?? this.keep(path, this.text(path));
  }

  private keep(key: string, text: string): ts.SourceFile {
    const parsed = ts.createSourceFile(key, text, ts.ScriptTarget.ES2022, true);
    this.parsed.set(key, parsed);
    return parsed;
  }

  private text(path: string): string {
    const file = join(this.root, path);
    if (!existsSync(file)) throw new Error(`the installed packages have no ${file}`);
    const text = this.texts.get(path) ?? readFileSync(file, "utf8");
    this.texts.set(path, text);
    return text;
  }
}

export const declarations = (file: ts.SourceFile): readonly ts.Statement[] => [...file.statements];

function literalOf(member: ts.TypeElement, file: ts.SourceFile): string {
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  if (type && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
  throw new Error(`${member.getText(file)} is no enumeration's value`);
}
