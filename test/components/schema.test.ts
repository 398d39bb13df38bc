// What components do with schema and data file: read one from the other, and refuse files that the clean room would not
// read as they are meant.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AzureDataset, dataFile, inferSchema, OneLakeDataset, S3Dataset, type DataFile } from "../../components";
import { details, run } from "../helpers/mocks";

const DOCUMENT = "pulumi-nodejs:dynamic/cleanroom:DatasetDocument";
const common = { details, allowedFields: ["region"] };
const azure = { ...common, resourceGroupName: "group", openToEveryNetwork: true };
const schema = {
  format: "csv",
  fields: [
    { fieldName: "region", fieldType: "string" },
    { fieldName: "amount", fieldType: "integer" },
  ],
} as const;

let folder: string;
let warnings: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "schema-"));
  jest.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(folder);
  jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warnings.push(message);
    return Promise.resolve();
  });
});
beforeEach(() => {
  warnings = [];
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function written(name: string, content: string): DataFile {
  writeFileSync(join(folder, name), content);
  return dataFile(join(folder, name));
}

const JSON_LINES = '{"region":"north","amount":1}\n';

test.each([
  ["AzureDataset", (data: DataFile) => new AzureDataset("sales", { ...azure, schema: "inferred", data })],
  [
    "OneLakeDataset",
    (data: DataFile) =>
      new OneLakeDataset("sales", {
        ...azure,
        workspace: "w",
        item: "i.Lakehouse",
        path: "Files",
        schema: "inferred",
        data,
      }),
  ],
  [
    "S3Dataset",
    (data: DataFile) => new S3Dataset("sales", { ...common, region: "eu-west-1", schema: "inferred", data }),
  ],
] as const)("%s reads its schema from its data when asked, and shows it in preview", async (_kind, declare) => {
  const data = written("sales.json", JSON_LINES);
  const program = await run(() => declare(data), { preview: true });
  expect(program.the(DOCUMENT).inputs.datasetSchema).toEqual({ ...schema, format: "json" });
});

test("a schema from another file is given as any other", async () => {
  const sample = written("sample.json", JSON_LINES);
  const program = await run(
    () => new AzureDataset("sales", { ...azure, schema: inferSchema(sample, { types: { amount: "long" } }) }),
  );
  expect(program.the(DOCUMENT).inputs.datasetSchema).toMatchObject({
    fields: [{ fieldName: "region" }, { fieldName: "amount", fieldType: "long" }],
  });
});

test("a CSV file without a line of names is taken as it is", async () => {
  await run(() => new AzureDataset("sales", { ...azure, schema, data: written("sales.csv", "north,1\n") }));
  expect(warnings).toEqual([]);
});

test("a CSV file with a line of names is told, which the clean room would take for a row", async () => {
  await run(
    () => new AzureDataset("sales", { ...azure, schema, data: written("sales.csv", "region,amount\nnorth,1\n") }),
  );
  expect(warnings).toEqual([
    "Data file 'sales.csv': its first line names the columns. The clean room reads CSV without such a line (release 8.0.0), and would take it for a row: leave it out of the file.",
  ]);
});

test("fails with a CSV file whose columns are in another order than the schema's fields", async () => {
  const data = written("sales.csv", "amount,region\n1,north\n");
  await expect(run(() => new AzureDataset("sales", { ...azure, schema, data }))).rejects.toThrow(
    "Data file 'sales.csv': its first line names the columns amount, region, the schema the fields region, amount: the clean room reads CSV by position",
  );
});

test("fails with a file whose ending is not the format's, which the clean room would pass over", async () => {
  const data = written("sales.txt", "north,1\n");
  await expect(run(() => new AzureDataset("sales", { ...azure, schema, data }))).rejects.toThrow(
    "Data file 'sales.txt': the schema's format is csv, and the clean room takes only files that end in .csv: rename the file, or correct the format.",
  );
});

test("fails where the schema is to be read from no file", async () => {
  await expect(run(() => new AzureDataset("sales", { ...azure, schema: "inferred" }))).rejects.toThrow(
    "AzureDataset 'sales': schema is \"inferred\", but there is no data to read it from: name the file in data, or give the schema.",
  );
});
