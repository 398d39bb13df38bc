// Parquet files as the reader takes them: by names and types of their columns.
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import type { FieldType } from "../../contract";
import { RowCollector } from "./rows";

const columns: ColumnSource[] = [
  { name: "region", data: ["north", "south", "west"], type: "STRING" },
  { name: "count", data: [1, 2, 3], type: "INT32" },
  { name: "total", data: [1n, 2n, 9007199254740993n], type: "INT64" },
  { name: "share", data: [0.5, 1, 1.5], type: "DOUBLE" },
  { name: "ok", data: [true, false, true], type: "BOOLEAN" },
  { name: "at", data: [0, 1, 2].map((day) => new Date(Date.UTC(2026, 0, 1 + day))), type: "TIMESTAMP" },
];

async function collect(schema: Readonly<Record<string, FieldType>>, content?: Uint8Array): Promise<RowCollector> {
  const fields = Object.entries(schema).map(([fieldName, fieldType]) => ({ fieldName, fieldType }));
  const allowedFields = fields.map(({ fieldName }) => fieldName);
  const collector = new RowCollector(
    { datasetSchema: { format: "parquet", fields }, datasetAccessPolicy: { accessMode: "read", allowedFields } },
    2,
  );
  const bytes = content ?? new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize: 2 }));
  await collector.add("sales.parquet", halves(bytes));
  return collector;
}

async function* halves(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes.subarray(0, bytes.length / 2);
  yield bytes.subarray(bytes.length / 2);
}

test("rows of several groups have the schema's fields, whatever the columns' order", async () => {
  const { result } = await collect({
    at: "timestamp",
    total: "long",
    region: "string",
    ok: "boolean",
    share: "number",
  });
  expect(result).toEqual({
    columns: ["at", "total", "region", "ok", "share"],
    rows: [
      ["2026-01-01T00:00:00.000Z", "1", "north", "true", "0.5"],
      ["2026-01-02T00:00:00.000Z", "2", "south", "false", "1"],
    ],
    totalRows: 3,
  });
});

test("a narrower column is read as a wider field", async () => {
  expect((await collect({ count: "long" })).result.rows).toEqual([["1"], ["2"]]);
  expect((await collect({ count: "number" })).result.rows).toEqual([["1"], ["2"]]);
});

test.each([
  [{ price: "number" }, "the schema's field price is missing; there are region, count, total, share, ok, at"],
  [{ total: "integer" }, "column total is INT64, which is not read as integer"],
  [{ region: "number" }, "column region is BYTE_ARRAY UTF8, which is not read as number"],
  [{ at: "date" }, "column at is INT64 TIMESTAMP_MILLIS, which is not read as date"],
] as const)("fails with %o", async (schema, problem) => {
  await expect(collect(schema)).rejects.toThrow(`sales.parquet: ${problem}`);
});

test("fails with what is no Parquet", async () => {
  await expect(collect({ region: "string" }, Buffer.from("region,amount\n"))).rejects.toThrow(
    "sales.parquet: not Parquet",
  );
});
