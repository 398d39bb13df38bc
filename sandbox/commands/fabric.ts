// `fabric`: gives an identity a right in a workspace of the sandbox's Fabric, or takes it away: what is done by hand there.
import { parseArgs } from "node:util";
import { AdminClient, type FabricGrant } from "../admin";
import { UsageError } from "./usage";

const RIGHTS = { read: "ReadAll", write: "Contributor", none: undefined } as const;

/** @returns the exit code. @throws UsageError */
export async function runFabric(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [workspace, principalId, right, ...rest] = positionals;
  if (workspace === undefined || principalId === undefined || right === undefined || rest.length > 0) {
    throw new UsageError("a workspace, an object id and read, write or none are expected");
  }
  if (!isRight(right)) throw new UsageError(`${JSON.stringify(right)}: read, write or none is expected`);
  const admin = await AdminClient.find(values.dir);
  if (admin === undefined) {
    throw new Error(
      `no sandbox runs in ${values.dir}: start one with \`npm run sandbox -- --detach --dir ${values.dir}\``,
    );
  }
  const grant: FabricGrant = { workspace, principalId, right: RIGHTS[right] };
  await admin.giveFabricRight(grant);
  process.stdout.write(`${principalId} has ${grant.right ?? "no right"} in ${workspace}.\n`);
  return 0;
}

function isRight(text: string): text is keyof typeof RIGHTS {
  return text in RIGHTS;
}

function parse(args: readonly string[]) {
  try {
    const options = { dir: { type: "string", default: ".sandbox" } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
