// `doctor`: checks, before the first `up` or whenever it fails, what can be checked with the credentials at hand, and says
// what mends each thing that is not as it should be. It changes nothing.
import { parseArgs } from "node:util";
import { UsageError } from "../shared/usage";
import { examine } from "./examine";
import { asJson, asText, isFine } from "./report";

const USAGE = "usage: doctor --stack NAME [--json] [--cwd DIR]";

/** @returns 0 when nothing stands in the way of `up`, 1 when something does. Throws when it could not be done. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { stack = "", json, cwd } = parsed(args);
  if (stack === "") {
    throw new UsageError("--stack is missing: name the stack.", USAGE);
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const report = await examine({ stack, cwd, say });
  process.stdout.write(json ? asJson(report) : asText(report));
  return isFine(report.checks) ? 0 : 1;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stack: { type: "string", short: "s" },
        json: { type: "boolean", default: false },
        cwd: { type: "string", default: "." },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, USAGE);
  }
}
