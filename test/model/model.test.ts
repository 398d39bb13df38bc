// Random programs, changes, faults, forgotten answers and other people's deeds, in any order: whatever happened, the ledger
// holds nothing that nobody agreed to and nothing twice; and once all is healed two runs bring everything to its place, and
// the third has nothing to do.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { FaultRule } from "../../sandbox/faults";
import { account } from "../helpers/account";
import { startTestRoom, trust, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import { NIGHTLY, SEED } from "../helpers/seed";
import { DEEDS, PARTS, PEOPLE, VARIED, World, type Command } from "./world";

const RUNS = Number(process.env.RUNS ?? (NIGHTLY ? 1_000 : 60));
/** Runs that failed once. */
const CASES = join(__dirname, "cases");

let room: TestRoom;
let results: string;
let count = 0;

beforeAll(async () => {
  // What is said to the user of each of so many runs is not for the user of the tests.
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  room = await startTestRoom();
  trust(room);
  const datasets = (await room.provider("litware")).kind("DatasetDocument");
  const policy = { datasetAccessPolicy: { accessMode: "write", allowedFields: ["region"] } };
  results = (await datasets.create(azureDataset("model-results", policy))).id;
});
afterAll(async () => {
  jest.restoreAllMocks();
  await room.end();
});

const who = fc.constantFrom(...PEOPLE);
const rule: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("refuse", "cut-in-request", "lose-answer", "cut-after-status", "cut-in-body", "no-answer"),
    service: fc.constantFrom("governance", "frontend"),
    method: fc.constantFrom("GET", "PUT", "POST"),
    nth: fc.integer({ min: 1, max: 4 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constantFrom("429", "503"),
    service: fc.constantFrom("governance", "frontend"),
    nth: fc.integer({ min: 1, max: 6 }),
    retryAfterSeconds: fc.constant(0),
  }),
  fc.record({ kind: fc.constantFrom("fail-before-write", "fail-after-write"), nth: fc.integer({ min: 1, max: 5 }) }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("up" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("agree" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("refresh" as const, "forget" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("toggle" as const), part: fc.constantFrom(...PARTS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("vary" as const), what: fc.constantFrom(...VARIED), to: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("outside" as const),
      what: fc.constantFrom(...DEEDS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fault" as const), rule }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: "heal" as const }, { do: "overwriting" as const }) },
);

/** Every collaborator twice, so that what one waits for can come from another. */
const ROUND = [...PEOPLE, "litware", "contosso", "fabrikam"] as const;

async function play(commands: readonly Command[]): Promise<void> {
  const world = await World.open(room, `m${(count += 1)}`, results);
  try {
    for (const each of commands) {
      requireTyped((await world.step(each))?.failed);
      expect(world.violations()).toEqual([]);
    }
    world.settle();
    for (let round = 0; round < 2; round++) {
      for (const name of ROUND) requireTyped((await world.up(name)).failed);
    }
    expect(world.violations()).toEqual([]);
    expect(await world.shortcomings()).toEqual([]);
    room.writes();
    for (const refreshed of [false, true]) {
      for (const name of PEOPLE) {
        if (refreshed) expect((await world.refresh(name)).done).toEqual([]);
        const { done } = await world.up(name);
        expect(done.filter((line) => !world.waits(name, line.split(":")[0] ?? ""))).toEqual([]);
      }
      expect(room.writes()).toEqual([]);
    }
  } finally {
    room.services.faults.clear();
  }
}

/** A failure is a sentence of ours, not an accident. */
function requireTyped(failed: readonly string[] = []): void {
  for (const message of failed) {
    expect(message).not.toMatch(/undefined|\[object|TypeError|Cannot read|is not a function|JSON at position/);
  }
}

test(
  `${RUNS} random runs keep every promise`,
  async () => {
    const property = fc.asyncProperty(fc.array(command, { maxLength: 14 }), play);
    const found = await fc.check(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
    account("runs of the model", found.numRuns);
    if (found.failed) {
      const commands = found.counterexample?.[0] ?? [];
      mkdirSync(CASES, { recursive: true });
      writeFileSync(join(CASES, `${SEED}.json`), `${JSON.stringify(commands, undefined, 2)}\n`);
      throw new Error(
        `SEED=${SEED}, after ${found.numRuns} runs and ${found.numShrinks} shrinks; kept as a case of its own:\n` +
          `${commands.map((each) => JSON.stringify(each)).join("\n")}\n${String(found.errorInstance)}`,
      );
    }
  },
  60 * 60_000,
);

const cases = readdirSync(__dirname).includes("cases")
  ? readdirSync(CASES).filter((file) => file.endsWith(".json"))
  : [];
if (cases.length > 0) {
  test.each(cases)("the run that failed once as %s keeps every promise", async (file) => {
    await play(JSON.parse(readFileSync(join(CASES, file), "utf8")) as Command[]);
  });
}
