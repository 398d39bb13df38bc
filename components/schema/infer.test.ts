// Schemas from data files: each format's types, the bounds of what is read, and what is refused with words.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import type { DatasetSchema, FieldType } from "../../contract";
import { dataFile, inferSchema, type InferSchemaOptions } from "..";
import { valueOf } from "../../test/helpers/mocks";
import { schemaOf } from "./infer";
import { SAMPLE_BYTES } from "./sample";
import { common } from "./values";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "infer-"));
  jest.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(folder);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function infer(name: string, content: string | Uint8Array, options?: InferSchemaOptions): Promise<DatasetSchema> {
  writeFileSync(join(folder, name), content);
  return schemaOf(name, join(folder, name), options);
}

/** `region string, amount number` */
const shown = ({ fields }: DatasetSchema): string =>
  fields.map(({ fieldName, fieldType }) => `${fieldName} ${fieldType}`).join(", ");
const parquet = (columnData: ColumnSource[]): Uint8Array => new Uint8Array(parquetWriteBuffer({ columnData }));

describe("of CSV", () => {
  test("has every type of the contract, the narrowest that holds all values", async () => {
    const csv = [
      "name,count,total,share,ok,day,at",
      "a,1,2147483648,0.5,true,2026-01-31,2026-01-31T10:00:00Z",
      "b,-7,12,3,FALSE,2026-02-28,2026-01-31 10:00",
      ",,,,,,",
      "",
    ].join("\n");
    expect(await infer("all.csv", csv)).toEqual({
      format: "csv",
      fields: [
        { fieldName: "name", fieldType: "string" },
        { fieldName: "count", fieldType: "integer" },
        { fieldName: "total", fieldType: "long" },
        { fieldName: "share", fieldType: "number" },
        { fieldName: "ok", fieldType: "boolean" },
        { fieldName: "day", fieldType: "date" },
        { fieldName: "at", fieldType: "timestamp" },
      ],
    });
  });

  test.each([
    ["a number with a zero before it", "007", "string"],
    ["a telephone number", "+49301234", "string"],
    ["a number longer than a long", "92233720368547758070", "string"],
    ["a day that there is not", "2026-02-30", "string"],
    ["a number in words of its own", "1e3", "number"],
    ["a blank", " ", "string"],
  ])("takes %s for what it is", async (_what, value, type) => {
    expect(shown(await infer("one.csv", `field\n${value}\n`))).toBe(`field ${type}`);
  });

  test("reads quoted texts, a mark of byte order and lines of Windows", async () => {
    const csv = '\uFEFFname,text\r\na,"x, y\r\nz"\r\n';
    expect(shown(await infer("quoted.csv", csv))).toBe("name string, text string");
  });

  test("without a line of names takes them from the program, as the clean room takes them from the schema", async () => {
    expect(shown(await infer("bare.csv", "north,1\nsouth,2\n", { columns: ["region", "amount"] }))).toBe(
      "region string, amount integer",
    );
  });

  test("takes types that are given for those that the sample shows", async () => {
    const types: Record<string, FieldType> = { key: "string", empty: "date" };
    expect(shown(await infer("given.csv", "key,empty\n1,\n", { types }))).toBe("key string, empty date");
  });

  test("looks at the beginning of a file of any size, and not at the row that is cut", async () => {
    const row = `${"x".repeat(1_000)},1\n`;
    writeFileSync(join(folder, "large.csv"), "text,amount\n");
    appendFileSync(join(folder, "large.csv"), row.repeat(Math.ceil((2 * SAMPLE_BYTES) / row.length)));
    appendFileSync(join(folder, "large.csv"), "last,not a number\n");
    const file = dataFile(join(folder, "large.csv"));
    expect(shown((await valueOf(inferSchema(file))).value)).toBe("text string, amount integer");
  });

  test.each([
    ["", "it is empty: give a file with a line of names and rows, or name the schema."],
    ["a,b\n1\n", "line 2 has 1 columns, not 2 (a, b)."],
    ["a,a\n1,2\n", "two columns are named 'a': name each column once."],
    ["a,\n1,2\n", "a column has no name (a, ): name each column once."],
    ['a,b\n"1,2\n', "it is not CSV: "],
    ["a,b\n1,\n", 'the sample has no value of b: name the type in types, such as { b: "string" }.'],
  ])("fails with %j", async (csv, problem) => {
    await expect(infer("bad.csv", csv)).rejects.toThrow(`Data file 'bad.csv': ${problem}`);
  });

  test("fails where a type is given for a field that there is not", async () => {
    await expect(infer("other.csv", "a\n1\n", { types: { b: "string" } })).rejects.toThrow(
      "Data file 'other.csv': types names 'b', which it does not have; it has a.",
    );
  });
});

describe("of JSON", () => {
  test("has the types of the values, of fields in the order in which they first come", async () => {
    const lines = [
      { name: "a", count: 1, ok: true, day: "2026-01-31" },
      { name: "5", count: 3_000_000_000, share: 0.5, at: "2026-01-31T10:00:00Z", ok: null },
    ];
    expect(shown(await infer("all.json", lines.map((each) => JSON.stringify(each)).join("\n")))).toBe(
      "name string, count long, ok boolean, day date, share number, at timestamp",
    );
  });

  test.each([
    ['[{"a":1}]', "line 1 is not an object of JSON: the clean room reads one object a line."],
    ['{"a":1}\n{"a":', "line 2 is not an object of JSON: the clean room reads one object a line."],
    ['{"a":{"b":1}}', "line 1, field 'a' is an object: a dataset's fields are plain values."],
    ['{"a":[1]}', "line 1, field 'a' is a list: a dataset's fields are plain values."],
    ["", "it holds no object: give a file with one object a line, or name the schema."],
    ['{"a":null}', 'the sample has no value of a: name the type in types, such as { a: "string" }.'],
  ])("fails with %s", async (json, problem) => {
    await expect(infer("bad.json", json)).rejects.toThrow(`Data file 'bad.json': ${problem}`);
  });
});

describe("of Parquet", () => {
  test("has the types of its columns", async () => {
    const at = new Date("2026-01-31T10:00:00Z");
    const columns: ColumnSource[] = [
      { name: "name", data: ["a"], type: "STRING" },
      { name: "count", data: [1], type: "INT32" },
      { name: "total", data: [1n], type: "INT64" },
      { name: "share", data: [0.5], type: "DOUBLE" },
      { name: "small", data: [0.5], type: "FLOAT" },
      { name: "ok", data: [true], type: "BOOLEAN" },
      { name: "at", data: [at], type: "TIMESTAMP" },
    ];
    expect(shown(await infer("all.parquet", parquet(columns)))).toBe(
      "name string, count integer, total long, share number, small number, ok boolean, at timestamp",
    );
  });

  test.each([
    [
      "bytes",
      { name: "raw", data: [new Uint8Array([1])], type: "BYTE_ARRAY" },
      "column 'raw' is BYTE_ARRAY, which a dataset's field can't be: write it as a text (UTF-8).",
    ],
    [
      "JSON",
      { name: "doc", data: [{ a: 1 }], type: "JSON" },
      "column 'doc' is BYTE_ARRAY JSON, which a dataset's field can't be: write it as a text (UTF-8).",
    ],
  ] as const)("fails with %s", async (_what, column, problem) => {
    const file = parquet([column as unknown as ColumnSource]);
    await expect(infer("bad.parquet", file)).rejects.toThrow(`Data file 'bad.parquet': ${problem}`);
  });

  test("fails with what is no Parquet", async () => {
    await expect(infer("text.parquet", "region,amount\n")).rejects.toThrow(
      "Data file 'text.parquet': it is not Parquet: ",
    );
  });
});

test("fails where the ending says no format", async () => {
  await expect(infer("data.txt", "a\n1\n")).rejects.toThrow(
    "Data file 'data.txt': its ending says no format: name it in format (csv, json, parquet).",
  );
  expect(shown(await infer("data.txt", "a\n1\n", { format: "csv" }))).toBe("a integer");
});

test("is the same in whatever order the values come", () => {
  const types = fc.constantFrom<FieldType>("string", "integer", "number", "boolean", "date", "long", "timestamp");
  fc.assert(
    fc.property(fc.array(types, { minLength: 1, maxLength: 5 }), fc.nat(), (seen, seed) => {
      const widest = (all: readonly FieldType[]): FieldType | undefined =>
        all.reduce<FieldType | undefined>((a, b) => common(a, b), undefined);
      const turned = [...seen.slice(seed % seen.length), ...seen.slice(0, seed % seen.length)].reverse();
      expect(widest(turned)).toBe(widest(seen));
    }),
    { numRuns: 1_000 },
  );
});
