// Every type of resource that the components create is known to the doctor, with the rights it takes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS as AWS_KINDS } from "../aws/kinds";
import { KINDS } from "./kinds";

const COMPONENTS = join(__dirname, "..", "..", "..", "components");

/** `azure-native:storage:StorageAccount`, of every `new` of a class that a provider's package offers. */
const created = [
  ...new Set(readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" }).filter(isSource).flatMap(createdBy)),
];

function isSource(file: string): boolean {
  return file.endsWith(".ts") && !file.endsWith(".test.ts");
}

function createdBy(file: string): readonly string[] {
  const text = readFileSync(join(COMPONENTS, file), "utf8");
  const imported = [...text.matchAll(/import \* as (\w+) from "@pulumi\/(azure-native|aws)\/([\w/]+)"/g)];
  return imported.flatMap(([, alias = "", provider = "", module = ""]) =>
    [...text.matchAll(new RegExp(`new ${alias}\\.(\\w+)\\(`, "g"))].map(([, name = ""]) =>
      provider === "aws"
        ? `aws:${module}/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`
        : `azure-native:${module}:${name}`,
    ),
  );
}

test("the components create something in both clouds", () => {
  expect(created).toEqual(
    expect.arrayContaining(["azure-native:storage:StorageAccount", "aws:iam/accessKey:AccessKey"]),
  );
});

test.each(created)("the rights for %s are known", (token) => {
  const kind = token.startsWith("aws:") ? AWS_KINDS.of(token) : KINDS.of(token);
  expect(kind?.needed.length).toBeGreaterThan(0);
});
