// The schema of a dataset, given or read from its data file; and that the clean room would take that file as it is meant.
import { extname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { DatasetSchema } from "../../contract";
import type { DataFile } from "../files";
import { schemaOf } from "./infer";
import { firstCsvLine } from "./rows";
import { sampleOf, unfit } from "./sample";

/** A schema, or that it is read from the dataset's own data file, as `inferSchema` does. */
export type SchemaInput = pulumi.Input<DatasetSchema> | "inferred";

interface Data {
  readonly schema: SchemaInput;
  readonly data?: DataFile;
}

/** @param dataset as errors name it: `AzureDataset 'sales'`. The output fails with a RunError. */
export function datasetSchema(
  dataset: string,
  { schema, data }: Data,
  resource: pulumi.Resource,
): pulumi.Output<DatasetSchema> {
  if (schema !== "inferred") {
    return data === undefined
      ? pulumi.output(schema)
      : pulumi.output(schema).apply((it) => fitting(it, data, resource));
  }
  if (data === undefined) {
    throw new pulumi.RunError(
      `${dataset}: schema is "inferred", but there is no data to read it from: name the file in data, or give the schema.`,
    );
  }
  return pulumi.output(schemaOf(data.path, pathOf(data))).apply((it) => fitting(it, data, resource));
}

/** @throws RunError for a file that the clean room would pass over, or read otherwise than its schema means */
async function fitting(schema: DatasetSchema, data: DataFile, resource: pulumi.Resource): Promise<DatasetSchema> {
  const { format } = schema;
  if (extname(data.path) !== `.${format}`) {
    throw unfit(
      data.path,
      `the schema's format is ${format}, and the clean room takes only files that end in .${format}: rename the file, or correct the format.`,
    );
  }
  if (format === "csv") await checkFirstLine(schema, data, resource);
  return schema;
}

/** CSV is read by position, and its first line as a row. */
async function checkFirstLine({ fields }: DatasetSchema, data: DataFile, resource: pulumi.Resource): Promise<void> {
  const names = fields.map(({ fieldName }) => fieldName);
  const line = await firstCsvLine(data.path, sampleOf(pathOf(data)));
  if (!line.some((each) => names.includes(each))) return;
  const differs = names.findIndex((each, at) => line[at] !== each);
  if (differs >= 0) {
    throw unfit(
      data.path,
      `its first line names the columns ${line.join(", ")}, the schema the fields ${names.join(", ")}: the clean room reads CSV by position, and would take one column for another. Name the fields in the file's order.`,
    );
  }
  await pulumi.log.warn(
    `Data file '${data.path}': its first line names the columns. The clean room reads CSV without such a line (release 8.0.0), and would take it for a row: leave it out of the file.`,
    resource,
  );
}

const pathOf = (data: DataFile): string => join(pulumi.runtime.getRootDirectory(), data.path);
