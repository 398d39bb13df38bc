// Rows of a dataset, by its schema: the allowed fields alone, each value checked against its type.
import { pipeline, Readable } from "node:stream";
import type { DataFormat, DatasetSpecification, FieldType } from "../../contract";
import { parquetRecords } from "./parquet";
import { Unmet } from "./steps";

export interface Rows {
  readonly columns: readonly string[];
  /** The first ones. */
  readonly rows: readonly (readonly string[])[];
  readonly totalRows: number;
}

interface Field {
  readonly name: string;
  readonly type: FieldType;
}

const formats: Readonly<Record<FieldType, RegExp>> = {
  string: /^/,
  integer: /^[+-]?\d+$/,
  long: /^[+-]?\d+$/,
  number: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  boolean: /^(true|false)$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/,
};

/** Collects rows over a dataset's files, keeping the first `limit` of them. */
export class RowCollector {
  private readonly fields: readonly Field[];
  private readonly kept: (readonly string[])[] = [];
  private total = 0;
  private headers = 0;

  constructor(
    private readonly specification: Pick<DatasetSpecification, "datasetSchema" | "datasetAccessPolicy">,
    private readonly limit: number,
  ) {
    const { fields } = specification.datasetSchema;
    const { allowedFields } = specification.datasetAccessPolicy;
    this.fields = fields
      .filter(({ fieldName }) => allowedFields.includes(fieldName))
      .map(({ fieldName, fieldType }) => ({ name: fieldName, type: fieldType }));
  }

  get result(): Rows {
    return { columns: this.fields.map(({ name }) => name), rows: this.kept, totalRows: this.total };
  }

  /** As in `ReadStep.caution`, of what was added. */
  get caution(): string | undefined {
    return this.headers === 0
      ? undefined
      : "a CSV file is read by position and without a header: its line of names is one more row, null where its type is no string";
  }

  /** @throws Unmet when the file lacks a field or a value is not of its type, naming file, row and field */
  async add(file: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { format } = this.specification.datasetSchema;
    let row = 0;
    for await (const record of this.records(format, file, content)) {
      row += 1;
      const values = this.fields.map((field) => valueOf(file, row, record, field));
      if (this.kept.length < this.limit) this.kept.push(values);
      this.total += 1;
    }
  }

  private records(
    format: DataFormat,
    file: string,
    content: AsyncIterable<Uint8Array>,
  ): AsyncIterable<Record<string, unknown>> {
    const { fields } = this.specification.datasetSchema;
    const names = fields.map(({ fieldName }) => fieldName);
    switch (format) {
      case "csv":
        return csvRecords(file, content, names, () => this.headers++);
      case "json":
        return jsonRecords(file, content);
      case "parquet":
        return parquetRecords(file, content, fields);
    }
  }
}

const MEND =
  "let file and schema say the same, and publish with the schema that is right: the arguments `data` and `schema` of AzureDataset or S3Dataset";
const NULL = "the value is read as null, and the query runs";

function valueOf(file: string, row: number, record: Readonly<Record<string, unknown>>, { name, type }: Field): string {
  const value = record[name];
  if (value === undefined) {
    const there = Object.keys(record).join(", ");
    throw new Unmet(`${file}, row ${row}: the schema's field ${name} is missing; there are ${there}`, MEND, NULL);
  }
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  if (text !== "" && !formats[type].test(text)) {
    const shown = JSON.stringify(text.slice(0, 60));
    throw new Unmet(`${file}, row ${row}: ${name} is ${shown}, which is not of type ${type}`, MEND, NULL);
  }
  return text;
}

/** By position, as the workload reads; a first line of the schema's names is no row here. */
async function* csvRecords(
  file: string,
  content: AsyncIterable<Uint8Array>,
  names: readonly string[],
  header: () => void,
): AsyncGenerator<Record<string, string>> {
  const { CsvError, parse } = await import("csv-parse");
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true });
  // An error of the source ends the parser with it, where the loop below meets it.
  pipeline(Readable.from(content), parser, () => undefined);
  try {
    let line = 0;
    for await (const values of parser as AsyncIterable<string[]>) {
      line += 1;
      if (line === 1 && values.some((each) => names.includes(each))) {
        checkHeader(file, values, names);
        header();
      } else {
        yield Object.fromEntries(names.flatMap((name, at) => (at < values.length ? [[name, values[at]]] : [])));
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? new Unmet(`${file}: not CSV: ${error.message}`, MEND, NULL) : error;
  }
}

/** @throws Unmet when the columns are others than the schema's, or in another order */
function checkHeader(file: string, found: readonly string[], names: readonly string[]): void {
  const differs = names.findIndex((name, at) => found[at] !== name);
  if (differs < 0) return;
  const missing = names.find((name) => !found.includes(name));
  throw missing === undefined
    ? new Unmet(
        `${file}: its columns are ${found.join(", ")}, the schema's fields ${names.join(", ")}, and a CSV file is read by position`,
        MEND,
        "each column is read as the field at its place in the schema, and the query runs",
      )
    : new Unmet(`${file}: the schema's field ${missing} is missing; there are ${found.join(", ")}`, MEND, NULL);
}

/** One object a line, as Spark reads JSON. */
async function* jsonRecords(file: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  let number = 0;
  for await (const line of lines(content)) {
    number += 1;
    if (line.trim() === "") continue;
    const value = parseJson(line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Unmet(
        `${file}, line ${number}: not a JSON object`,
        MEND,
        "its fields are read as null, and the query runs",
      );
    }
    yield value as Record<string, unknown>;
  }
}

async function* lines(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of content) {
    const complete = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = complete.pop() ?? "";
    yield* complete;
  }
  yield rest + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
