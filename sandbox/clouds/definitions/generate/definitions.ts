// The definition of a resource type or a function, from the installed package that has it.
import { join } from "node:path";
import * as ts from "typescript";
import type { Definition, Enumeration } from "../definition";
import { Declarations, declarations } from "./declarations";
import { Types } from "./types";

const packages = join(__dirname, "..", "..", "..", "..", "node_modules", "@pulumi");

export class Generator {
  private readonly sources = new Map<string, Declarations>();

  /** @param token `azure-native:keyvault:Vault` or `aws:iam/getPolicyDocument:getPolicyDocument` */
  definition(token: string): Definition {
    const [provider = "", module = "", name = ""] = token.split(":");
    const source = this.source(provider);
    const file = source.file(module.split("/")[0] ?? "", name);
    const args = find(file, `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}Args`, ts.isInterfaceDeclaration);
    const types = new Types(source);
    const inputs = args === undefined ? {} : types.members(args);
    return {
      token,
      package: `@pulumi/${provider}`,
      version: source.version,
      inputs,
      types: Object.fromEntries(Object.entries(types.found).sort(([a], [b]) => (a < b ? -1 : 1))),
      outputs: outputsOf(find(file, name, ts.isClassDeclaration)),
      replaces: args === undefined ? [] : replacing(args),
    };
  }

  /** @param token `aws:index:Region` */
  enumeration(token: string): Enumeration {
    const [provider = "", module = "", name = ""] = token.split(":");
    const source = this.source(provider);
    const values = source.values(module === "index" ? name : `${module}.${name}`);
    return { token, package: `@pulumi/${provider}`, version: source.version, values };
  }

  private source(provider: string): Declarations {
    const found = this.sources.get(provider) ?? new Declarations(join(packages, provider));
    this.sources.set(provider, found);
    return found;
  }
}

function find<T extends ts.InterfaceDeclaration | ts.ClassDeclaration>(
  file: ts.SourceFile,
  name: string,
  is: (node: ts.Node) => node is T,
): T | undefined {
  const all: readonly ts.Node[] = declarations(file);
  return all.filter(is).find((each) => each.name?.text === name);
}

function outputsOf(declaration: ts.ClassDeclaration | undefined): readonly string[] {
  const members: readonly ts.ClassElement[] = declaration?.members ?? [];
  return members
    .filter(ts.isPropertyDeclaration)
    .map(({ name }) => name.getText())
    .sort();
}

/** Only the packages made from Terraform providers say so, and not of every input. */
function replacing(args: ts.InterfaceDeclaration): readonly string[] {
  const says = /(forces|make) (a |the creation of a )?new resource|forces? (a )?replacement/i;
  return args.members
    .filter((each) =>
      says.test(
        ts
          .getJSDocCommentsAndTags(each)
          .map((doc) => doc.getText())
          .join(" "),
      ),
    )
    .flatMap((each) => each.name?.getText() ?? [])
    .sort();
}

/** As the file holds it: a line for each input, so that a difference between versions is read at once. */
export function written({ inputs, types, ...rest }: Definition): string {
  const members = (value: object, indent: string): string => {
    const lines = Object.entries(value).map(
      ([key, each]) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(each)}`,
    );
    return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
  };
  const { token, package: name, version, outputs, replaces } = rest;
  const objects = Object.entries(types).map(([key, each]) => `    ${JSON.stringify(key)}: ${members(each, "    ")}`);
  const parts = [
    ...Object.entries({ token, package: name, version }).map(([key, each]) => `"${key}": ${JSON.stringify(each)}`),
    `"inputs": ${members(inputs, "  ")}`,
    `"types": ${objects.length === 0 ? "{}" : `{\n${objects.join(",\n")}\n  }`}`,
    `"outputs": ${JSON.stringify(outputs)}`,
    `"replaces": ${JSON.stringify(replaces)}`,
  ];
  return `{\n  ${parts.join(",\n  ")}\n}\n`;
}
