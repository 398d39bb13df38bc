// Every argument and output that an author meets has its doc comment, and every optional argument its default.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as ts from "typescript";

const ROOT = join(__dirname, "..", "components");

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !file.endsWith(".test.ts"))
  .map((file) => join(ROOT, file));

function isExported(node: ts.InterfaceDeclaration | ts.ClassDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function isPublic(member: ts.PropertyDeclaration): boolean {
  return (
    !ts.isPrivateIdentifier(member.name) &&
    member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) !== true
  );
}

/** Faults of one member, by name. */
function faults(place: string, member: ts.PropertySignature | ts.PropertyDeclaration): string[] {
  const found = ts.getJSDocCommentsAndTags(member);
  if (found.length === 0) {
    return [`${place} has no doc comment`];
  }
  const defaults = ts.getJSDocTags(member).filter(({ tagName }) => tagName.text === "default");
  return member.questionToken !== undefined && defaults.length === 0
    ? [`${place} is optional, and names no @default`]
    : [];
}

test.each(files.map((file) => [relative(ROOT, file), file]))("%s explains every argument and output", (_name, file) => {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) && isExported(node)) {
      for (const member of node.members.filter(ts.isPropertySignature)) {
        found.push(...faults(`${node.name.text}.${member.name.getText()}`, member));
      }
    }
    if (ts.isClassDeclaration(node) && isExported(node)) {
      for (const member of node.members.filter(ts.isPropertyDeclaration).filter(isPublic)) {
        found.push(...faults(`${node.name?.text ?? "class"}.${member.name.getText()}`, member));
      }
    }
  });
  expect(found).toEqual([]);
});
