// Fields of a Parquet file, as its footer describes them, with the types that the clean room reads them by.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { SchemaElement } from "hyparquet";
import type { FieldType } from "../../contract";
import { unfit } from "./sample";
import type { Types } from "./rows";

/** Reads the footer alone, whatever the file's size. */
export async function parquetTypes(file: string, path: string): Promise<Types> {
  const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const open = openSync(path, "r");
  try {
    const byteLength = fstatSync(open).size;
    const slice = (start: number, end = byteLength): ArrayBuffer => {
      const bytes = new Uint8Array(end - start);
      readSync(open, bytes, 0, bytes.length, start);
      return bytes.buffer;
    };
    const metadata = await parquetMetadataAsync({ byteLength, slice }).catch((error: Error) => {
      throw unfit(file, `it is not Parquet: ${error.message}.`);
    });
    const { children } = parquetSchema(metadata);
    if (children.length === 0) throw unfit(file, "it has no columns.");
    return new Map(
      children.map(({ element, children: inner }) => [element.name, typeOf(file, element, inner.length > 0)]),
    );
  } finally {
    closeSync(open);
  }
}

function typeOf(file: string, element: SchemaElement, nested: boolean): FieldType {
  const fits = nested || element.repetition_type === "REPEATED" ? undefined : plainType(element);
  if (fits !== undefined) return fits;
  throw unfit(
    file,
    `column '${element.name}' is ${described(element, nested)}, which a dataset's field can't be: ${remedy(element)}.`,
  );
}

/** By the annotation, of either kind, or else by the physical type. */
function plainType({ type, converted_type: converted, logical_type: logical }: SchemaElement): FieldType | undefined {
  if (logical?.type === "STRING" || converted === "UTF8" || converted === "ENUM" || logical?.type === "ENUM")
    return "string";
  if (logical?.type === "DATE" || converted === "DATE") return "date";
  if (logical?.type === "TIMESTAMP") return logical.unit === "NANOS" ? undefined : "timestamp";
  if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS" || type === "INT96") return "timestamp";
  if (logical?.type === "INTEGER") return wholeType(logical.bitWidth, logical.isSigned);
  if (converted !== undefined && /^U?INT_/.test(converted)) {
    return wholeType(Number(converted.split("_")[1]), !converted.startsWith("U"));
  }
  if (logical !== undefined || converted !== undefined) return undefined;
  const plain: Readonly<Record<string, FieldType>> = {
    BOOLEAN: "boolean",
    INT32: "integer",
    INT64: "long",
    FLOAT: "number",
    DOUBLE: "number",
  };
  return type === undefined ? undefined : plain[type];
}

function wholeType(bits: number, signed: boolean): FieldType | undefined {
  const needed = signed ? bits : bits + 1;
  return needed <= 32 ? "integer" : needed <= 64 ? "long" : undefined;
}

function described({ type, converted_type: converted, logical_type: logical }: SchemaElement, nested: boolean): string {
  const annotation =
    logical === undefined ? converted : logical.type === "TIMESTAMP" ? `TIMESTAMP in ${logical.unit}` : logical.type;
  return nested || type === undefined ? "nested" : [type, annotation].filter((each) => each !== undefined).join(" ");
}

function remedy({ logical_type: logical, converted_type: converted, type }: SchemaElement): string {
  if (logical?.type === "TIMESTAMP") return "write it in microseconds";
  if (logical?.type === "DECIMAL" || converted === "DECIMAL") return "write it as a double, or as a text";
  return type === "BYTE_ARRAY" ? "write it as a text (UTF-8)" : "write it as one of the plain types";
}
