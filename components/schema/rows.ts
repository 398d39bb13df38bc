// Fields of a CSV or JSON sample, each with the type of all its values.
import { Readable } from "node:stream";
import type { FieldType } from "../../contract";
import { SAMPLE_ROWS, unfit, type Sample } from "./sample";
import { common, typeOfText, typeOfTime } from "./values";

/** By name, in the file's order; undefined where the sample has no value of it. */
export type Types = Map<string, FieldType | undefined>;

/** @param columns names of the columns, where the file has no line of them */
export async function csvTypes(file: string, { bytes, cut }: Sample, columns?: readonly string[]): Promise<Types> {
  const types: Types = new Map();
  let names = columns;
  name(file, types, names);
  const rows = await csvRows(file, bytes, cut);
  for (const { values, line } of rows) {
    if (names === undefined) {
      names = values;
      name(file, types, names);
    } else if (values.length !== names.length) {
      throw unfit(file, `line ${line} has ${values.length} columns, not ${names.length} (${names.join(", ")}).`);
    } else {
      for (const [at, text] of values.entries()) {
        if (text !== "") widen(types, names[at] ?? "", typeOfText(text));
      }
    }
  }
  if (names === undefined)
    throw unfit(file, "it is empty: give a file with a line of names and rows, or name the schema.");
  return types;
}

function name(file: string, types: Types, names: readonly string[] = []): void {
  for (const each of names) {
    if (each.trim() === "") throw unfit(file, `a column has no name (${names.join(", ")}): name each column once.`);
    if (types.has(each)) throw unfit(file, `two columns are named '${each}': name each column once.`);
    types.set(each, undefined);
  }
}

/** The first line's texts; none of an empty file. */
export async function firstCsvLine(file: string, sample: Sample): Promise<readonly string[]> {
  const end = sample.bytes.indexOf("\n");
  const bytes = end < 0 ? sample.bytes : sample.bytes.subarray(0, end);
  const [first] = await csvRows(file, bytes, true, 1);
  return first?.values ?? [];
}

interface Row {
  readonly values: readonly string[];
  readonly line: number;
}

async function csvRows(file: string, bytes: Buffer, cut: boolean, most = SAMPLE_ROWS): Promise<readonly Row[]> {
  const { CsvError, parse } = await import("csv-parse");
  const parser = Readable.from([bytes]).pipe(
    parse({ bom: true, skip_empty_lines: true, relax_column_count: true, info: true, to: most }),
  );
  const rows: Row[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      rows.push({ values: record, line: info.lines });
    }
  } catch (error) {
    // A quoted text that goes on behind the sample is no mistake of the file's.
    const goesOn = cut && error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED";
    if (!goesOn) throw error instanceof CsvError ? unfit(file, `it is not CSV: ${error.message}.`) : error;
    return rows;
  }
  // The last row of a part of a file may be a part of a row.
  return cut && rows.length < most ? rows.slice(0, -1) : rows;
}

/** One object a line, as the clean room reads JSON. */
export function jsonTypes(file: string, { bytes, cut }: Sample): Types {
  const lines = bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  if (cut) lines.pop();
  const types: Types = new Map();
  let rows = 0;
  for (const [at, text] of lines.entries()) {
    if (text.trim() === "") continue;
    if (rows === SAMPLE_ROWS) break;
    rows += 1;
    for (const [key, value] of Object.entries(objectOf(file, text, at + 1))) {
      if (!types.has(key)) types.set(key, undefined);
      const type = value === null ? undefined : typeOfValue(file, key, value, at + 1);
      if (type !== undefined) widen(types, key, type);
    }
  }
  if (types.size === 0) {
    const problem = cut ? "its first line is longer than what is looked at" : "it holds no object";
    throw unfit(file, `${problem}: give a file with one object a line, or name the schema.`);
  }
  return types;
}

function objectOf(file: string, text: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unfit(file, `line ${line} is not an object of JSON: the clean room reads one object a line.`);
  }
  return value as Record<string, unknown>;
}

function typeOfValue(file: string, key: string, value: unknown, line: number): FieldType {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return typeOfTime(value);
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return "number";
    return Math.abs(value) <= 2_147_483_647 ? "integer" : Number.isSafeInteger(value) ? "long" : "number";
  }
  const what = Array.isArray(value) ? "a list" : "an object";
  throw unfit(
    file,
    `line ${line}, field '${key}' is ${what}: a dataset's fields are plain values. Bring it into fields of its own.`,
  );
}

function widen(types: Types, key: string, type: FieldType): void {
  types.set(key, common(types.get(key), type));
}
