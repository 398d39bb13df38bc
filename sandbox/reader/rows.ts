// Rows of a dataset, by its schema: the allowed fields alone, each value checked against its type.
import { pipeline, Readable } from "node:stream";
import type { DatasetSpecification, FieldType } from "../../contract";

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

  /** @throws when the file lacks a field or a value is not of its type, naming file, row and field */
  async add(file: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { format } = this.specification.datasetSchema;
    if (format === "parquet") throw new Error(`${file}: the sandbox's reader does not parse parquet; use csv or json`);
    let row = 0;
    for await (const record of format === "csv" ? csvRecords(file, content) : jsonRecords(file, content)) {
      row += 1;
      const values = this.fields.map((field) => valueOf(file, row, record, field));
      if (this.kept.length < this.limit) this.kept.push(values);
      this.total += 1;
    }
  }
}

function valueOf(file: string, row: number, record: Readonly<Record<string, unknown>>, { name, type }: Field): string {
  const value = record[name];
  if (value === undefined) {
    throw new Error(
      `${file}, row ${row}: the schema's field ${name} is missing; there are ${Object.keys(record).join(", ")}`,
    );
  }
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  if (text !== "" && !formats[type].test(text)) {
    throw new Error(
      `${file}, row ${row}: ${name} is ${JSON.stringify(text.slice(0, 60))}, which is not of type ${type}`,
    );
  }
  return text;
}

async function* csvRecords(file: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, string>> {
  const { CsvError, parse } = await import("csv-parse");
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true });
  // An error of the source ends the parser with it, where the loop below meets it.
  pipeline(Readable.from(content), parser, () => undefined);
  try {
    for await (const record of parser) yield record as Record<string, string>;
  } catch (error) {
    throw error instanceof CsvError ? new Error(`${file}: not CSV: ${error.message}`, { cause: error }) : error;
  }
}

/** One object a line, as Spark reads JSON. */
async function* jsonRecords(file: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  let number = 0;
  for await (const line of lines(content)) {
    number += 1;
    if (line.trim() === "") continue;
    const value = parseJson(line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`${file}, line ${number}: not a JSON object`);
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
