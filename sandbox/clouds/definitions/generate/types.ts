// From TypeScript's types of inputs to those of a definition. What is not understood is an error, never `any`.
import * as ts from "typescript";
import type { Members, Type } from "../definition";
import type { Declarations } from "./declarations";

export class Types {
  /** What the inputs are made of, by name; grows as they are read. */
  readonly found: Record<string, Members> = {};

  constructor(private readonly source: Declarations) {}

  members(declaration: ts.InterfaceDeclaration): Members {
    const properties = declaration.members.filter(ts.isPropertySignature).filter((each) => each.type !== undefined);
    return Object.fromEntries(
      properties
        .map((each): [string, Type] => {
          const name = ts.isStringLiteral(each.name) ? each.name.text : each.name.getText();
          return [each.questionToken === undefined ? name : `${name}?`, this.of(each.type as ts.TypeNode)];
        })
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  private of(node: ts.TypeNode): Type {
    if (ts.isUnionTypeNode(node)) return this.union(node.types);
    if (ts.isArrayTypeNode(node)) return { list: this.of(node.elementType) };
    if (ts.isParenthesizedTypeNode(node)) return this.of(node.type);
    if (ts.isTypeLiteralNode(node)) return this.map(node);
    if (ts.isTypeReferenceNode(node)) return this.reference(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { values: [node.literal.text] };
    const simple = primitives.get(node.kind);
    if (simple !== undefined) return simple;
    throw new Error(`the type ${node.getText()} of an input is of a kind that no definition can say`);
  }

  /** Enumerations that admit other texts as well are known by their values: the services take no others. */
  private union(nodes: readonly ts.TypeNode[]): Type {
    const types = nodes.filter((each) => each.kind !== ts.SyntaxKind.UndefinedKeyword).map((each) => this.of(each));
    const values = types.flatMap((each) => (typeof each === "object" && "values" in each ? each.values : []));
    const others = types.filter((each) => typeof each !== "object" || !("values" in each));
    const rest = values.length > 0 ? others.filter((each) => each !== "string") : others;
    const all: readonly Type[] = values.length > 0 ? [{ values }, ...rest] : rest;
    return all.length === 1 && all[0] !== undefined ? all[0] : { oneOf: all };
  }

  private map(node: ts.TypeLiteralNode): Type {
    const [member] = node.members;
    if (node.members.length === 1 && member !== undefined && ts.isIndexSignatureDeclaration(member)) {
      return { map: this.of(member.type) };
    }
    throw new Error(`the type ${node.getText()} of an input is no map`);
  }

  private reference({ typeName, typeArguments }: ts.TypeReferenceNode): Type {
    const name = typeName.getText();
    const [argument] = typeArguments ?? [];
    if (name === "pulumi.Input" && argument !== undefined) return this.of(argument);
    if (/^pulumi\.asset\./.test(name)) return "any";
    if (name.startsWith("enums.")) return { values: this.source.values(name.slice("enums.".length)) };
    if (name.startsWith("inputs.")) return this.named(name.slice("inputs.".length));
    throw new Error(`the input type ${name} is none of ${this.source.root} that a definition can say`);
  }

  private named(name: string): Type {
    if (name in this.found) return name;
    const declaration = this.source.input(name);
    if (ts.isTypeAliasDeclaration(declaration)) return this.of(declaration.type);
    // Before its members are read: they may lead back to it.
    this.found[name] = {};
    this.found[name] = this.members(declaration);
    return name;
  }
}

const primitives: ReadonlyMap<ts.SyntaxKind, Type> = new Map<ts.SyntaxKind, Type>([
  [ts.SyntaxKind.StringKeyword, "string"],
  [ts.SyntaxKind.NumberKeyword, "number"],
  [ts.SyntaxKind.BooleanKeyword, "boolean"],
  [ts.SyntaxKind.AnyKeyword, "any"],
]);
