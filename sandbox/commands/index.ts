// The sandbox's commands: start, env and read.
import { parseArgs } from "node:util";
import { collaborators } from "../world";
import { printEnv } from "./env";
import { readDataset } from "./read";
import { runInBackground, runInForeground, status, stop } from "./start";

const USAGE = `usage: start [--detach | --stop | --status] [--dir DIR] [--json] [--no-policy]
       env <${collaborators.map(({ name }) => name).join(" | ")}> [--dir DIR] [--json]
       read <document id> [--host-data HEX] [--rows N] [--dir DIR] [--json]`;

/** The command line was wrong: the message says what, and how it should be. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem}\n${USAGE}`);
  }
}

/** @returns the exit code. @throws UsageError */
export async function runCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const { dir, json } = values;
  const [command, subject, ...rest] = positionals;
  const wanted = command === "start" ? 0 : 1;
  if (rest.length > 0 || positionals.length - 1 !== wanted) throw new UsageError("wrong number of arguments");
  switch (command) {
    case "start": {
      const modes = (["detach", "stop", "status"] as const).filter((mode) => values[mode]);
      if (modes.length > 1) throw new UsageError(`--${modes.join(" and --")} exclude each other`);
      if (values.stop) return stop(dir);
      if (values.status) return status(dir, json);
      const options = { dir, json, withoutPolicy: values["no-policy"] };
      return values.detach ? runInBackground(options) : runInForeground(options);
    }
    case "env":
      return printEnv(dir, subject ?? "", json);
    case "read": {
      const rows = Number(values.rows);
      if (!Number.isInteger(rows) || rows < 0)
        throw new UsageError(`--rows ${values.rows}: a whole number is expected`);
      const hostData = values["host-data"];
      if (hostData !== undefined && !/^[0-9a-f]{64}$/i.test(hostData)) {
        throw new UsageError(`--host-data ${hostData}: 64 hexadecimal digits are expected`);
      }
      return readDataset(dir, subject ?? "", { hostData: hostData?.toLowerCase(), rows }, json);
    }
    default:
      throw new UsageError(`there is no command ${JSON.stringify(command)}`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: "string", default: ".sandbox" },
        json: { type: "boolean", default: false },
        detach: { type: "boolean", default: false },
        stop: { type: "boolean", default: false },
        status: { type: "boolean", default: false },
        "no-policy": { type: "boolean", default: false },
        "host-data": { type: "string" },
        rows: { type: "string", default: "5" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
