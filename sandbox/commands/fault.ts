// `fault`: sets faults in a running sandbox, lists them with how often each has hit, takes them away.
import { parseArgs } from "node:util";
import { AdminClient } from "../admin";
import { type FaultRule, FaultRuleError, type FaultStatus, parseRule } from "../faults";
import { table } from "../../cli/shared/table";
import { UsageError } from "./usage";

const NUMBERS = ["nth", "times", "chance", "seed", "retry-after", "milliseconds", "status"] as const;

/** @returns the exit code. @throws UsageError */
export async function runFault(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [action, subject, ...rest] = positionals;
  const { dir, json, ...given } = values;
  if (rest.length > 0) throw new UsageError("wrong number of arguments");
  if (action !== "add" && Object.keys(given).length > 0) {
    throw new UsageError(`--${Object.keys(given)[0]} is for \`fault add\``);
  }
  switch (action) {
    case "add": {
      const rule = ruleOf(subject, given);
      const { id } = await (await running(dir)).addFault(rule);
      print(json, { id }, `Fault ${id} is set: ${describe(rule)}.`);
      return 0;
    }
    case "list": {
      if (subject !== undefined) throw new UsageError("list takes no argument");
      const faults = await (await running(dir)).faults();
      print(json, faults, faults.length === 0 ? "No fault is set." : table(rows(faults)));
      return 0;
    }
    case "clear":
      await (await running(dir)).clearFaults(subject);
      print(
        json,
        { cleared: subject ?? "all" },
        subject === undefined ? "No fault is set." : `Fault ${subject} is gone.`,
      );
      return 0;
    default:
      throw new UsageError(`${JSON.stringify(action ?? "")}: add, list or clear is expected`);
  }
}

async function running(dir: string): Promise<AdminClient> {
  const admin = await AdminClient.find(dir);
  if (admin !== undefined) return admin;
  throw new Error(`no sandbox runs in ${dir}: start one with \`npm run sandbox -- --detach --dir ${dir}\``);
}

type Given = Omit<ReturnType<typeof parse>["values"], "dir" | "json">;

function ruleOf(kind: string | undefined, given: Given): FaultRule {
  if (kind === undefined) throw new UsageError("add needs the kind of the fault");
  for (const name of NUMBERS) {
    const text = given[name];
    if (text !== undefined && (text.trim() === "" || !Number.isFinite(Number(text)))) {
      throw new UsageError(`--${name} ${text}: a number is expected`);
    }
  }
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  const { service, method, path, change, text } = given;
  const answer = dropUndefined({
    status: number(given.status),
    text,
    contentType: given["content-type"],
    afterCommit: given["after-commit"],
  });
  const rule = dropUndefined({
    kind,
    service,
    method,
    path,
    change,
    nth: number(given.nth),
    times: number(given.times),
    chance: number(given.chance),
    seed: number(given.seed),
    retryAfterSeconds: number(given["retry-after"]),
    asDate: given["as-date"],
    milliseconds: number(given.milliseconds),
    answer: Object.keys(answer).length === 0 ? undefined : answer,
  });
  try {
    return parseRule(rule);
  } catch (error) {
    throw error instanceof FaultRuleError ? new UsageError(error.message) : error;
  }
}

function dropUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function rows(faults: readonly FaultStatus[]): string[][] {
  const lines = faults.map(({ id, rule, matched, fired }) => [id, describe(rule), String(matched), String(fired)]);
  return [["id", "fault", "matched", "hit"], ...lines];
}

function describe({ kind, ...fields }: FaultRule): string {
  const said = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [kind, ...said].join(", ");
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: "string", default: ".sandbox" },
        json: { type: "boolean", default: false },
        service: { type: "string" },
        method: { type: "string" },
        path: { type: "string" },
        change: { type: "string" },
        nth: { type: "string" },
        times: { type: "string" },
        chance: { type: "string" },
        seed: { type: "string" },
        "retry-after": { type: "string" },
        "as-date": { type: "boolean" },
        milliseconds: { type: "string" },
        status: { type: "string" },
        text: { type: "string" },
        "content-type": { type: "string" },
        "after-commit": { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
