// The order of the checks: what nothing else works without comes first, and what depends on it is not asked in vain.
import type { ConfigLookup } from "../../provider/host";
import { CleanRoom } from "../../provider/services/clean-room";
import type { Caller } from "../../provider/services/token";
import { readSettings, type Settings } from "../../provider/settings";
import { checkAws } from "./aws";
import { checkAzure } from "./azure";
import { type Check, type Found, inArea, unchecked } from "./check";
import { checkCleanRoom } from "./clean-room";
import { checkBackend, checkEngine, checkPlugins } from "./engine";
import { assumedNeeds, namespacesOf, type Needs } from "./needs";
import { preview } from "./preview";
import type { Report } from "./report";
import { checkSettings, checkStack } from "./stack";

export interface Subject {
  readonly stack: string;
  /** A folder of the stack's project. */
  readonly cwd: string;
  /** Told what is under way, where it takes seconds. */
  readonly say: (line: string) => void;
}

/** Seconds for one request: who asks whether something works does not wait as long as who wants it done. */
const PATIENCE = 15;

export async function examine(subject: Subject): Promise<Report> {
  const { stack, cwd, say } = subject;
  const engine = await checkEngine(cwd);
  const backend = await checkBackend(cwd);
  const { found, config, isThere, namespaces } = await checkStack(stack, cwd);
  say("asking the clean room …");
  const rooms = await checkRooms(namespaces, subject, config);
  const ready = [...engine, backend, ...found, ...rooms.settings, ...rooms.found];
  const seen = await resourcesOf(subject, config, isThere, ready);
  const others = namespacesOf(seen.needs).filter((each) => !namespaces.includes(each));
  const further = await checkRooms(others, subject, config);
  say("asking the clouds …");
  const ask = { stack, needs: seen.needs, config, env: process.env };
  const { resourceManagerUrl } = rooms.first ?? readSettings("cleanroom", () => undefined, {});
  const [azure, aws] = await Promise.all([
    checkAzure({ ...ask, resourceManagerUrl, governs: rooms.caller ?? further.caller }),
    checkAws(ask),
  ]);
  const checks: readonly Check[] = [
    ...inArea("engine", [...engine, backend, ...(await checkPlugins(seen.needs, cwd))]),
    ...inArea("stack", [...found, ...rooms.settings, ...further.settings, ...seen.found]),
    ...inArea("clean room", [...rooms.found, ...further.found]),
    ...inArea("Azure", azure),
    ...inArea("AWS", aws),
  ];
  return { version: 1, stack, resourcesFrom: seen.needs.from, checks };
}

interface Rooms {
  readonly settings: readonly Found[];
  readonly found: readonly Found[];
  readonly caller: Caller | undefined;
  /** Settings of the first whose settings can be used. */
  readonly first: Settings | undefined;
}

async function checkRooms(
  namespaces: readonly string[],
  { stack, cwd }: Subject,
  config: ConfigLookup,
): Promise<Rooms> {
  const ofSettings: Found[] = [];
  const found: Found[] = [];
  let caller: Caller | undefined;
  let first: Settings | undefined;
  for (const namespace of namespaces) {
    const own = checkSettings(namespace, stack, config, cwd);
    ofSettings.push(...own);
    if (own.some(({ result }) => result === "problem")) {
      found.push(unchecked("services", `${namespace}: its settings are not complete`, "see the settings' line"));
      continue;
    }
    const settings = readSettings(namespace, config, process.env);
    first ??= settings;
    const room = await checkCleanRoom(patient(settings), stack);
    caller ??= room.caller;
    found.push(...room.found.map((each) => (namespace === "cleanroom" ? each : named(each, namespace))));
  }
  return { settings: ofSettings, found, caller, first };
}

const named = (found: Found, namespace: string): Found => ({ ...found, what: `${namespace}: ${found.what}` });

const patient = (settings: Settings): CleanRoom =>
  new CleanRoom({ ...settings, requestSeconds: Math.min(settings.requestSeconds, PATIENCE) });

/** From a preview, where one can be had: it needs engine, stack and clean room. */
async function resourcesOf(
  { stack, cwd, say }: Subject,
  config: ConfigLookup,
  isThere: boolean,
  ready: readonly Found[],
): Promise<{ readonly found: readonly Found[]; readonly needs: Needs }> {
  const inTheWay = ready.filter(({ result }) => result === "problem").map(({ what }) => what);
  const aws = config("aws:region") !== undefined || (process.env.AWS_REGION ?? "") !== "";
  const assumed = assumedNeeds({ azure: true, aws });
  if (!isThere || inTheWay.length > 0) {
    const why = `a preview needs ${inTheWay.join(", ")}; what the components can create is looked at instead`;
    return { found: [unchecked("preview", why, "mend the problems above, and run the doctor again")], needs: assumed };
  }
  say("previewing the stack …");
  const { found, needs } = await preview(stack, cwd);
  return { found, needs: needs ?? assumed };
}
