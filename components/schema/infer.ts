// A dataset's schema from a file that holds such data: read in bounds, when the program asks, and shown in the preview as
// any other is.
import { extname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { DataFormat, DatasetSchema, FieldType } from "../../contract";
import type { DataFile } from "../files";
import { parquetTypes } from "./parquet";
import { csvTypes, jsonTypes, type Types } from "./rows";
import { sampleOf, unfit } from "./sample";

export interface InferSchemaOptions {
  /** What the file is. @default by its ending: `.csv`, `.json`, `.parquet` */
  readonly format?: DataFormat;
  /** Names of a CSV file's columns, in their order. @default its first line, which the clean room itself reads as a row */
  readonly columns?: readonly string[];
  /** Types of fields of which the sample shows another one, or no value. @default what the sample shows */
  readonly types?: Readonly<Record<string, FieldType>>;
}

const FORMATS: readonly DataFormat[] = ["csv", "json", "parquet"];

/**
 * The schema of a data file: of Parquet from its footer, of CSV and JSON (one object a line) from at most 10,000 rows in
 * its first 4 MiB. Each field gets the narrowest of the contract's types that holds all values seen: a later row may hold
 * others, so fields that are not what they look like are named in `types`.
 *
 * @example
 * const data = dataFile(join(__dirname, "sales.csv"));
 * new AzureDataset("sales", { schema: inferSchema(data, { types: { customer_key: "string" } }), data, ... });
 */
export function inferSchema(file: DataFile, options: InferSchemaOptions = {}): pulumi.Output<DatasetSchema> {
  return pulumi.output(schemaOf(file.path, join(pulumi.runtime.getRootDirectory(), file.path), options));
}

/** @param file as it is named in errors. @throws RunError */
export async function schemaOf(file: string, path: string, options: InferSchemaOptions = {}): Promise<DatasetSchema> {
  const { types: given = {}, columns } = options;
  const format = options.format ?? formatOf(file);
  if (columns !== undefined && format !== "csv") {
    throw unfit(file, `columns are named, but it is ${format}, which names its own: leave columns out.`);
  }
  const found = await typesOf(file, path, format, columns);
  const strange = Object.keys(given).find((name) => !found.has(name));
  if (strange !== undefined) {
    throw unfit(file, `types names '${strange}', which it does not have; it has ${[...found.keys()].join(", ")}.`);
  }
  const unseen = [...found.keys()].filter((name) => found.get(name) === undefined && given[name] === undefined);
  if (unseen.length > 0) {
    throw unfit(
      file,
      `the sample has no value of ${unseen.join(", ")}: name the type in types, such as { ${unseen[0]}: "string" }.`,
    );
  }
  return {
    format,
    fields: [...found].map(([fieldName, seen]) => ({ fieldName, fieldType: given[fieldName] ?? seen ?? "string" })),
  };
}

async function typesOf(
  file: string,
  path: string,
  format: DataFormat,
  columns: readonly string[] | undefined,
): Promise<Types> {
  switch (format) {
    case "csv":
      return csvTypes(file, sampleOf(path), columns);
    case "json":
      return jsonTypes(file, sampleOf(path));
    case "parquet":
      return parquetTypes(file, path);
  }
}

function formatOf(file: string): DataFormat {
  const ending = extname(file).slice(1).toLowerCase();
  const format = FORMATS.find((each) => each === ending);
  if (format === undefined) {
    throw unfit(file, `its ending says no format: name it in format (${FORMATS.join(", ")}).`);
  }
  return format;
}
