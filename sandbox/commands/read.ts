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
export function describe(
  documentId: string,
  { ok, hostData, steps, columns, rows = [], totalRows }: ReadResult,
): string {
  const lines = steps.flatMap(({ name, ok: passed, detail, remedy, caution }) => [
    `${passed ? "✓" : "✗"} ${name}: ${printable(detail)}`,
    ...(caution === undefined ? [] : [`  ! azure-cleanroom 8.0.0: ${printable(caution)}`]),
    ...(remedy === undefined ? [] : [`  → ${printable(remedy)}`]),
  ]);
  const who = `The clean room of host data ${hostData.slice(0, 12)}…`;
  lines.push("", `${who} ${ok ? "can" : "cannot"} ${use(steps)} ${printable(documentId)}.`);
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
