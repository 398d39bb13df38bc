// `read`: plays the attested clean room for one dataset and shows every step and the first rows.
import { AdminClient, type ReadOptions, type ReadResult } from "../admin";
import { printable, table } from "../../cli/shared/table";

/** @returns 1 when the clean room cannot read the dataset */
export async function readDataset(
  dir: string,
  documentId: string,
  options: ReadOptions,
  json: boolean,
): Promise<number> {
  const admin = await AdminClient.find(dir);
  if (admin === undefined)
    throw new Error(`no sandbox runs in ${dir}: start one with \`npm run sandbox -- --detach --dir ${dir}\``);
  const result = await admin.read(documentId, options);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${describe(documentId, result)}\n`);
  return result.ok ? 0 : 1;
}

/** What a person is shown: names, details and rows are others' text. */
export function describe(documentId: string, { ok, steps, columns, rows = [], totalRows }: ReadResult): string {
  const lines = steps.flatMap(({ name, ok: passed, detail, remedy, silently }) => [
    `${passed ? "✓" : "✗"} ${name}: ${printable(detail)}`,
    ...(silently === undefined ? [] : [`  ! the real clean room says nothing here: ${printable(silently)}`]),
    ...(remedy === undefined ? [] : [`  → ${printable(remedy)}`]),
  ]);
  lines.push("", `The clean room ${ok ? "can" : "cannot"} ${use(steps)} ${printable(documentId)}.`);
  if (columns !== undefined) {
    lines.push("", table([columns, ...rows]));
    if (totalRows !== undefined && totalRows > rows.length) {
      const more = totalRows - rows.length;
      lines.push(`  … ${rows.length === 0 ? "" : "and "}${more} row${more === 1 ? "" : "s"} more`);
    }
  }
  return lines.join("\n");
}

const use = (steps: ReadResult["steps"]): string => (steps.some(({ name }) => name === "write") ? "write" : "read");
