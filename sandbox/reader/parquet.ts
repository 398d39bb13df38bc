// Rows of a Parquet file: by the names of its columns, each of a type that the workload's Spark (4.0) reads as the schema's.
import type { FileMetaData, SchemaElement } from "hyparquet";
import type { FieldType, SchemaField } from "../../contract";
import { Unmet } from "./steps";

/** The file is taken into memory: its footer is at its end, and its columns are all over it. */
const LARGEST = 256 * 1024 * 1024;
const MEND =
  "let file and schema say the same, and publish with the schema that is right: the arguments `data` and `schema` of the dataset; `inferSchema` reads it from a file";
const NULL = "the column is read as null, and the query runs";

/** @throws Unmet for what is no Parquet, lacks a field, or has it of another type */
export async function* parquetRecords(
  file: string,
  content: AsyncIterable<Uint8Array>,
  fields: readonly SchemaField[],
): AsyncGenerator<Record<string, unknown>> {
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const bytes = await whole(file, content);
  const metadata = footer(file, () => parquetMetadata(bytes));
  const columns = new Map(
    parquetSchema(metadata).children.map(({ element, children }) => [
      element.name,
      children.length > 0 ? undefined : element,
    ]),
  );
  for (const field of fields) checkColumn(file, field, columns);
  const names = fields.map(({ fieldName }) => fieldName);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const options = { file: bytes, metadata, compressors, columns: names, rowStart, rowEnd };
    for (const row of await parquetReadObjects(options)) {
      yield Object.fromEntries(fields.map(({ fieldName, fieldType }) => [fieldName, plain(row[fieldName], fieldType)]));
    }
    rowStart = rowEnd;
  }
}

async function whole(file: string, content: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of content) {
    size += part.length;
    if (size > LARGEST) throw new Error(`${file}: the sandbox's reader takes Parquet files of 256 MiB at most`);
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

function footer(file: string, read: () => FileMetaData): FileMetaData {
  try {
    return read();
  } catch (error) {
    throw new Unmet(`${file}: not Parquet: ${(error as Error).message}`, MEND);
  }
}

function checkColumn(
  file: string,
  { fieldName, fieldType }: SchemaField,
  columns: ReadonlyMap<string, SchemaElement | undefined>,
): void {
  if (!columns.has(fieldName)) {
    const there = [...columns.keys()].join(", ");
    throw new Unmet(`${file}: the schema's field ${fieldName} is missing; there are ${there}`, MEND, NULL);
  }
  const element = columns.get(fieldName);
  if (element !== undefined && isReadAs(element, fieldType)) return;
  const type = element === undefined ? "nested" : [element.type, annotationOf(element)].filter(Boolean).join(" ");
  throw new Unmet(`${file}: column ${fieldName} is ${type}, which is not read as ${fieldType}`, MEND);
}

function annotationOf({ logical_type: logical, converted_type: converted }: SchemaElement): string | undefined {
  return logical?.type === "TIMESTAMP" ? `TIMESTAMP in ${logical.unit}` : (logical?.type ?? converted);
}

/** Types of columns that Spark reads as a field's, widening what is narrower. */
function isReadAs(element: SchemaElement, fieldType: FieldType): boolean {
  const { type, logical_type: logical, converted_type: converted, repetition_type: repetition } = element;
  if (repetition === "REPEATED") return false;
  const isPlain = (logical === undefined && converted === undefined) || /^INT/.test(logical?.type ?? converted ?? "");
  switch (fieldType) {
    case "string":
      return type === "BYTE_ARRAY" && logical?.type !== "DECIMAL" && converted !== "DECIMAL";
    case "integer":
      return type === "INT32" && isPlain;
    case "long":
      return (type === "INT64" || type === "INT32") && isPlain;
    case "number":
      return type === "DOUBLE" || type === "FLOAT" || (type === "INT32" && isPlain);
    case "boolean":
      return type === "BOOLEAN";
    case "date":
      return logical?.type === "DATE" || converted === "DATE";
    case "timestamp":
      if (logical?.type === "TIMESTAMP") return logical.unit !== "NANOS";
      return type === "INT96" || converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS";
  }
}

/** As the same value stands in a file of text. */
function plain(value: unknown, fieldType: FieldType): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return fieldType === "date" ? value.toISOString().slice(0, 10) : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  return value ?? null;
}
