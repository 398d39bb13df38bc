// `audit`: compares stacks' states with governance, and lists where they differ, each with what mends it. It reads only.
import { parseArgs } from "node:util";
import type { CleanRoom } from "../../provider/services/clean-room";
import { roomsOf } from "../shared/rooms";
import { readConfig, readState, type StackState } from "../shared/stack";
import { UsageError } from "../shared/usage";
import { compare, documentsOf, shareOf, stateFindings } from "./compare";
import { KINDS, sorted, type Finding } from "./finding";
import { readGoverned } from "./governed";
import { asJson, asText, type Report } from "./report";

const USAGE = "usage: audit --stack NAME [--stack NAME …] [--config-from NAME] [--ignore KIND,…] [--json] [--cwd DIR]";

interface Options {
  readonly stacks: readonly string[];
  /** The stack whose configuration says where the services are, for all of them; undefined for each its own. */
  readonly configFrom: string | undefined;
  readonly ignored: ReadonlySet<string>;
  readonly json: boolean;
  readonly cwd: string;
}

/** @returns 0 when nothing was found, 1 when something was. Throws when it could not be done. */
export async function audit(args: readonly string[]): Promise<number> {
  const options = parse(args);
  const report = await reportOf(options);
  process.stdout.write(options.json ? asJson(report) : asText(report));
  return report.findings.length === 0 ? 0 : 1;
}

/** Stacks' resources that belong to one governance, seen by one caller. */
interface Group {
  readonly room: CleanRoom;
  readonly caller: string;
  /** Configuration namespaces by stack. */
  readonly members: Map<StackState, Set<string>>;
}

async function reportOf({ stacks, configFrom, ignored, cwd }: Options): Promise<Report> {
  const states = await Promise.all(stacks.map((name) => readState(name, cwd)));
  const findings: Finding[] = states.flatMap(stateFindings);
  const governance: Report["governance"][number][] = [];
  for (const { room, caller, members } of await groups(states, configFrom, cwd)) {
    const shares = [...members].map(([state, namespaces]) => shareOf(state, namespaces));
    const known = documentsOf(shares.flatMap(({ resources }) => resources));
    const governed = await readGoverned(room, known);
    findings.push(...compare(shares, governed));
    const { contractId } = governed;
    const url = room.settings.governanceUrl ?? "";
    governance.push({ url, contractId, caller, stacks: shares.map(({ stack }) => stack) });
  }
  return { version: 1, stacks, governance, findings: sorted(findings.filter(({ kind }) => !ignored.has(kind))) };
}

async function groups(
  states: readonly StackState[],
  configFrom: string | undefined,
  cwd: string,
): Promise<readonly Group[]> {
  const found = new Map<string, Group>();
  for (const state of states) {
    const config = await readConfig(configFrom ?? state.name, cwd);
    for (const [namespace, room] of roomsOf(state, config)) {
      await room.verify();
      const { oid: caller } = await room.caller();
      const key = JSON.stringify([room.settings.governanceUrl, await room.contractId(), caller]);
      const group = found.get(key) ?? { room, caller, members: new Map<StackState, Set<string>>() };
      group.members.set(state, (group.members.get(state) ?? new Set()).add(namespace));
      found.set(key, group);
    }
  }
  return [...found.values()];
}

function parse(args: readonly string[]): Options {
  const { stack = [], ignore = [], ...values } = parsed(args);
  const stacks = [...new Set(stack)].filter((name) => name !== "");
  if (stacks.length === 0) {
    throw new UsageError("--stack is missing: name the stack, or several of one collaborator.", USAGE);
  }
  const ignored = ignore.flatMap((kinds) => kinds.split(","));
  const strange = ignored.find((kind) => !(KINDS as readonly string[]).includes(kind));
  if (strange !== undefined) {
    throw new UsageError(`--ignore ${strange}: there is no such kind; there are ${KINDS.join(", ")}.`, USAGE);
  }
  const { "config-from": configFrom, json, cwd } = values;
  return { stacks, configFrom, ignored: new Set(ignored), json, cwd };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stack: { type: "string", short: "s", multiple: true },
        "config-from": { type: "string" },
        ignore: { type: "string", multiple: true },
        json: { type: "boolean", default: false },
        cwd: { type: "string", default: "." },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, USAGE);
  }
}
