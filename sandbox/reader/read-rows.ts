// The last two steps of a dataset that is read: what is there, and its rows. What the analytics workload of azure-cleanroom
// 8.0.0 would pass over without a word is said.
import type { DatasetSpecification } from "../../contract";
import type { OpenStore } from "./access";
import type { Dataset } from "./dataset";
import { decryptBlocks } from "./decrypt";
import { checkMarks } from "./marks";
import { RowCollector, type Rows } from "./rows";
import { type Remedies, type Steps, Unmet } from "./steps";
import { prefixOf, type Store, type StoredObject } from "./store";

const NO_ROWS = "the mount is empty, and the query runs over no rows";

export async function readRows(steps: Steps, dataset: Dataset, open: OpenStore, limit: number): Promise<Rows> {
  const { specification, encryptionMode } = dataset;
  const { store, key, dataKey } = open;
  const objects = await steps.run("list", open.remedies, () => readable(specification, open));
  return steps.run("data", remediesOf(dataset, open.remedies), async () => {
    const collector = new RowCollector(specification, limit);
    for (const { name } of objects) {
      const { metadata, body } = await store.read(name);
      checkMarks(name, metadata, encryptionMode, dataKey);
      await collector.add(name, key === undefined ? body : decryptBlocks(body, key));
    }
    const value = collector.result;
    const how = key === undefined ? "read" : "decrypted and read";
    const detail = `${value.totalRows} rows of ${value.columns.length} fields ${how}`;
    return { value, detail, caution: collector.caution };
  });
}

interface Listed {
  readonly value: readonly StoredObject[];
  readonly detail: string;
  readonly caution?: string;
}

/** The objects that the workload reads: those whose names end as the format says, in any folder below. */
async function readable(
  { datasetAccessPoint, datasetSchema }: DatasetSpecification,
  { store, folder }: OpenStore,
): Promise<Listed> {
  const prefix = prefixOf(folder);
  const where = `${datasetAccessPoint.store.name}/${prefix}`;
  const all = await store.list();
  const ending = `.${datasetSchema.format}`;
  const value = all.filter(({ name }) => name.endsWith(ending));
  if (all.length === 0) throw new Unmet(`there is no data in ${where}`, await bringUp(store, prefix), NO_ROWS);
  if (value.length === 0) {
    const names = all.slice(0, 3).map(({ name }) => name);
    throw new Unmet(
      `there is no ${ending} file in ${where}, but ${names.join(", ")}`,
      `bring the data up as a file whose name ends in ${ending}, or publish the dataset with the schema's format that the file has: the arguments \`data\` and \`schema\``,
      `files that do not end in ${ending} are passed over, and the query runs over no rows`,
    );
  }
  const bytes = value.reduce((sum, { size }) => sum + size, 0);
  const detail = `${value.length} ${ending} file${value.length === 1 ? "" : "s"} in ${where}, ${bytes} bytes`;
  const notes = [
    ...(all.length > value.length
      ? [`${all.length - value.length} more, not ending in ${ending}, are passed over`]
      : []),
    ...(datasetAccessPoint.store.type === "Aws_S3" && prefix !== ""
      ? ["a bucket is mounted whole, without its subdirectory: keep nothing else in it"]
      : []),
  ];
  return { value, detail, caution: notes.length === 0 ? undefined : notes.join("; ") };
}

async function bringUp(store: Store, prefix: string): Promise<string> {
  const others = (await store.folders())?.map((folder) => (folder === "" ? "its root" : folder)) ?? [];
  const found = others.length === 0 ? "" : ` (there is data in ${others.slice(0, 3).join(", ")})`;
  const there = prefix === "" ? "" : ", or publish the dataset with the folder that has it";
  return `bring the data up: the argument \`data\` of AzureDataset or S3Dataset${there}: \`subdirectory\` of AzureDataset, \`prefix\` of S3Dataset${found}`;
}

function remediesOf({ encryptionMode, specification }: Dataset, remedies: Remedies): Remedies {
  const by: Readonly<Record<string, string>> = {
    CSE: "encrypt the file with the dataset's data encryption key, in blocks of 16 MiB, before it leaves: the argument `data` of AzureDataset or S3Dataset does, or Upload with encryptionMode CSE",
    CPK: "bring the file up with the dataset's data encryption key as customer provided key: the argument `data` of AzureDataset does, or Upload with encryptionMode CPK",
  };
  const otherwise =
    by[encryptionMode] ?? `bring up data in ${specification.datasetSchema.format} that has the schema's fields`;
  return { ...remedies, otherwise };
}
