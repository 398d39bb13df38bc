// The sandbox's commands: start, env, read, fault and fabric.
import { parseArgs } from "node:util";
import { printEnv } from "./env";
import { runFabric } from "./fabric";
import { runFault } from "./fault";
import { readDataset } from "./read";
import { runInBackground, runInForeground, status, stop } from "./start";
import { UsageError } from "./usage";

export { UsageError } from "./usage";

/** @returns the exit code. @throws UsageError */
export async function runCommand(args: readonly string[]): Promise<number> {
  if (args[0] === "fault") return runFault(args.slice(1));
  if (args[0] === "fabric") return runFabric(args.slice(1));
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
      const eventualSeconds = Number(values.eventual);
      if (values.eventual === "" || !(eventualSeconds >= 0) || eventualSeconds > 600) {
        throw new UsageError(`--eventual ${values.eventual}: seconds from 0 to 600 are expected`);
      }
      const options = { dir, json, withoutPolicy: values["no-policy"], eventualSeconds };
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
        eventual: { type: "string", default: "0" },
        "host-data": { type: "string" },
        rows: { type: "string", default: "5" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
