// Governance is killed with -9 at a write, whichever it is: what it acknowledged is there when it opens again, and work
// goes on from there. Here at some writes; the nightly run kills it at every one.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WriteKind } from "../../sandbox/faults";
import { Home } from "../../sandbox/home";
import { startServices } from "../../sandbox/services";
import { account } from "../helpers/account";
import { NIGHTLY } from "../helpers/seed";
import { type Acknowledged, type Address, isBegun, missing, work } from "./ledger-work";

const ROOT = join(__dirname, "..", "..");
const MINUTES = 60_000;
/** Writes before the first collaborator comes, and those of the work. */
const [BEGINNING, WORK] = [22, 10];
const KINDS = ["die-before-write", "die-after-write"] as const;

interface Killed {
  readonly acknowledged: readonly Acknowledged[];
  readonly signal: NodeJS.Signals | null;
}

/** A governance in a process of its own, at work until it is killed at its n-th write. */
async function killedAt(dir: string, kind: WriteKind, nth: number): Promise<Killed> {
  const program = join(__dirname, "ledger-process.ts");
  const flags = ["-r", "ts-node/register/transpile-only", program, dir, JSON.stringify({ kind, nth })];
  const child = spawn(process.execPath, flags, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  try {
    const address = await Promise.race([
      ended.then(() => undefined),
      new Promise<Address>((resolve) =>
        child.stdout.once("data", (text: Buffer) => resolve(JSON.parse(text.toString()) as Address)),
      ),
    ]);
    const acknowledged = address === undefined ? [] : await work(address, await readFile(join(dir, "ca.pem"), "utf8"));
    // Who is not killed is at work no more.
    setTimeout(() => child.kill("SIGTERM"), 2_000).unref();
    return { acknowledged, signal: await ended };
  } finally {
    child.kill("SIGKILL");
  }
}

/** What was lost by a kill; nothing when all is well. */
async function lost(kind: WriteKind, nth: number): Promise<readonly unknown[]> {
  const dir = await mkdtemp(join(tmpdir(), "ledger-"));
  try {
    const { acknowledged, signal } = await killedAt(dir, kind, nth);
    if (signal !== "SIGKILL") return [`${kind} at ${nth}: it was not killed`];
    const services = await startServices({ home: await Home.open(dir) });
    try {
      const begun = isBegun(services) ? [] : [`${kind} at ${nth}: its beginning is incomplete`];
      return [...begun, ...missing(services, acknowledged).map((each) => [kind, nth, each])];
    } finally {
      await services.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const every = Array.from({ length: BEGINNING + WORK }, (_, index) => index + 1);
/** At the first, in the middle of the beginning, and through the work. */
const some = [1, 12, BEGINNING, BEGINNING + 2, BEGINNING + 3, BEGINNING + 6, BEGINNING + 10];

test.each(KINDS)(
  "what was acknowledged outlives %s",
  async (kind) => {
    const places = NIGHTLY ? every : some.filter((_, index) => index % 2 === KINDS.indexOf(kind));
    account("kills of the ledger", places.length);
    const waiting = [...places];
    const found: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let nth = waiting.shift(); nth !== undefined; nth = waiting.shift()) found.push(...(await lost(kind, nth)));
    };
    await Promise.all([worker(), worker()]);
    expect(found).toEqual([]);
  },
  10 * MINUTES,
);

test(
  "the places of the kills are all the writes that there are",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "ledger-"));
    try {
      // One write further, nothing is killed: the work is done.
      const { acknowledged, signal } = await killedAt(dir, "die-before-write", BEGINNING + WORK + 1);
      expect(acknowledged).toHaveLength(WORK);
      expect(signal).not.toBe("SIGKILL");
      const written = (await readFile(join(dir, "ledger.jsonl"), "utf8")).trimEnd().split("\n").length;
      expect(written).toBe(BEGINNING + WORK);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
  MINUTES,
);
