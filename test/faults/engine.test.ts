// The real engine, killed with -9 in the middle of an `up`: its lock and its pending operation stay, its provider ends by
// itself, and what that still had on its way may be carried out when the next run is long over. There is one of everything.
import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "../../sandbox/http";
import { account } from "../helpers/account";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { NIGHTLY } from "../helpers/seed";
import { Engine, type EngineStack, isAlive, providersOf } from "./killed-engine";
import { changesIn } from "./ledger";

const MINUTES = 60_000;
/** The provider looks for its engine every second. */
const ENDS_WITHIN = 8_000;

let room: TestRoom;
let engine: Engine;
let watch: Gate = (_call, next) => next();

beforeAll(async () => {
  room = await startTestRoom({ gate: (call, next) => watch(call, next) });
  engine = new Engine(room);
}, MINUTES);
afterEach(() => {
  watch = (_call, next) => next();
});
afterAll(async () => {
  engine.end();
  await room.end();
});

/** How often what is carried out: documents, proposals and votes of a stack, its secrets by their value. */
async function ledgerOf(name: string): Promise<readonly string[]> {
  const told: string[] = [];
  const ours = new Set<string>();
  for (const change of await changesIn(room)) {
    if (change.kind === "document" && change.id.startsWith(`${name}-`)) {
      told.push(`document ${change.id.replace(/-[0-9a-f]+$/, "")}`);
    } else if (change.kind === "proposal" && change.args.documentId.startsWith(`${name}-`)) {
      ours.add(change.id);
      told.push("proposal");
    } else if (change.kind === "ballot" && ours.has(change.proposalId)) told.push(`vote ${change.ballot.ballot}`);
    else if (change.kind === "secret" && change.id.endsWith(`_${name}-key`)) told.push(`secret ${change.value}`);
  }
  // A secret that is written again with the same value is still one.
  return told.filter((line, index) => !line.startsWith("secret") || told.indexOf(line) === index).sort();
}

const expected = (name: string): readonly string[] => [
  `document ${name}-members`,
  `document ${name}-sales`,
  "proposal",
  "proposal",
  `secret ${Buffer.alloc(32, 7).toString("base64")}`,
  "vote accepted",
  "vote accepted",
];

/** Kills the engine at the n-th request of an `up` that counts, and sees its provider end; the request waits to be released. */
async function killAt(stack: EngineStack, nth: number, counts: (method: string) => boolean): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let count = 0;
  let reached = (): void => undefined;
  const hit = new Promise<void>((resolve) => (reached = resolve));
  const { engine: process, ended } = stack.begin();
  watch = async (call, next) => {
    if (!counts(call.method)) return next();
    count += 1;
    if (count !== nth) return next();
    await call.received();
    reached();
    await released;
    return next();
  };
  const ending = await Promise.race([hit.then(() => undefined), ended.then(() => "the engine ended by itself")]);
  expect(ending).toBeUndefined();
  const providers = providersOf(process.pid ?? 0);
  expect(providers.length).toBeGreaterThan(0);
  process.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  for (const end = Date.now() + ENDS_WITHIN; providers.some(isAlive) && Date.now() < end;) await sleep(100);
  expect(providers.filter(isAlive)).toEqual([]);
  return release;
}

/** Nothing is left to do, before a refresh and after it. */
async function isQuiet(stack: EngineStack): Promise<void> {
  room.writes();
  await stack.up("--expect-no-changes");
  await stack.of("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
  await stack.of("preview", "--expect-no-changes");
  expect(room.writes()).toEqual([]);
}

const isWrite = (method: string): boolean => method === "POST" || method === "PUT";

test(
  "killed while it publishes, the engine leaves its lock; after `pulumi cancel` the next up makes one document, also when the first publish arrives after it",
  async () => {
    const stack = await engine.stack("late");
    const release = await killAt(stack, 1, isWrite);
    await expect(stack.up()).rejects.toThrow(/the stack is currently locked by 1 lock[\s\S]*pulumi cancel/);
    await stack.of("cancel", "--yes");
    expect(await stack.up()).toMatch(/pending/i);
    expect(await ledgerOf("late")).toEqual(expected("late"));
    release();
    await sleep(500);
    expect(await ledgerOf("late")).toEqual(expected("late"));
    await isQuiet(stack);
  },
  5 * MINUTES,
);

if (NIGHTLY) {
  test(
    "killed at any request, the engine's next run makes one of everything",
    async () => {
      const whole = await engine.stack("whole");
      let count = 0;
      watch = (_call, next) => ((count += 1), next());
      await whole.up();
      expect(await ledgerOf("whole")).toEqual(expected("whole"));
      const problems: unknown[] = [];
      for (let nth = 1; nth <= count; nth += 1) {
        const name = `killed${nth}`;
        const stack = await engine.stack(name);
        const release = await killAt(stack, nth, () => true);
        await stack.of("cancel", "--yes");
        // Before the next run, or after it: what was on its way arrives.
        if (nth % 2 === 0) release();
        await stack.up();
        release();
        await sleep(200);
        await isQuiet(stack).catch((error: unknown) => problems.push([name, String(error)]));
        const ledger = await ledgerOf(name);
        if (JSON.stringify(ledger) !== JSON.stringify(expected(name))) problems.push([name, ledger]);
      }
      account("engines killed with -9", count);
      expect(problems).toEqual([]);
    },
    60 * MINUTES,
  );
}
