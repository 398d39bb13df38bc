// `read`: plays the attested clean room for one dataset and shows every step and the first rows.
import { AdminClient, type ReadOptions, type ReadResult } from "../admin";
import { table } from "../../cli/shared/table";

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

function describe(documentId: string, { ok, steps, columns, rows = [], totalRows }: ReadResult): string {
  const lines = steps.flatMap(({ name, ok: passed, detail, remedy }) => {
    const line = `${passed ? "✓" : "✗"} ${name}: ${detail}`;
    return remedy === undefined ? [line] : [line, `  → ${remedy}`];
  });
  lines.push("", ok ? `The clean room can read ${documentId}.` : `The clean room cannot read ${documentId}.`);
  if (columns !== undefined) {
    lines.push("", table([columns, ...rows]));
    if (totalRows !== undefined && totalRows > rows.length) lines.push(`  … ${totalRows} rows in all`);
  }
  return lines.join("\n");
}
