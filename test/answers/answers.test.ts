// Whatever a service answers, an operation's result is right, or it is an error of ours that names what was being done;
// and nothing is claimed that the ledger does not hold.
import * as errors from "../../provider/errors";
import { UnexpectedAnswerError } from "../../provider/services/shape";
import { KINDS } from "../../provider";
import { collaborator } from "../../sandbox/world";
import { account } from "../helpers/account";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startTestHsm, type TestHsm } from "../helpers/hsm";
import { startTestVault, type TestVault } from "../helpers/vault";
import { NIGHTLY, SEED } from "../helpers/seed";
import { between, type Between } from "./between";
import { startListing, type Listing } from "./listing";
import { at, MUTATIONS, random, randomly, type Mutation } from "./mutations";
import { BY_KIND, ledgerOf, OPERATIONS, workerOf, type Ledger, type Operation, type Worker } from "./operations";

/** Of every so many cells of operation, request and wrong answer one is run, another one with every seed. */
const EVERY = NIGHTLY ? 1 : 12;
/** Of an operation that asks the same again and again, such as a list of pages, so many requests are answered wrongly. */
const MOST = 12;
const RANDOM = NIGHTLY ? 10_000 : 1_000;
const LANES = 8;
/** For an operation whose service never recovers. */
const IMPATIENT = { requestSeconds: "0.3", deadlineSeconds: "0.3" };
/** An operation that takes longer, in milliseconds, hangs. */
const HANGS = 15_000;
const KNOWN = [...Object.values(errors).filter((value) => typeof value === "function"), UnexpectedAnswerError];

let room: TestRoom;
let vault: TestVault;
let hsm: TestHsm;
let listing: Listing;
let middle: Between;
let ledger: Ledger;
let all: readonly Worker[];
/** How many requests each operation makes. */
let requests: ReadonlyMap<Operation, number>;

beforeAll(async () => {
  // What is said to the user of each of so many runs is not for the user of the tests.
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  room = await startTestRoom();
  vault = await startTestVault(room);
  Object.assign(process.env, vault.env); // by these this process signs in to the vault
  hsm = await startTestHsm(room);
  await hsm.giveRole("21dbd100-6940-42c2-9190-5d6cb909625b", collaborator("contosso").userOid);
  listing = await startListing();
  middle = await between(room.services, vault.url, listing.url, hsm.url);
  ledger = ledgerOf(room, vault, hsm);
  all = await Promise.all(Array.from({ length: LANES }, () => workerOf(room, () => middle.lane())));
  requests = new Map(
    await inLanes(OPERATIONS, async (operation, worker) => {
      const { run, holds } = await operation.prepare(worker, ledger);
      worker.lane().meddle((_seen, next) => next());
      await holds(await run());
      return [operation, worker.lane().count()] as const;
    }),
  );
}, 120_000);
afterAll(async () => {
  jest.restoreAllMocks();
  await middle.close();
  await listing.close();
  await hsm.end();
  await vault.end();
  await room.end();
});

/** Does the work for every item, each worker one after the other. */
async function inLanes<T, R>(
  items: readonly T[],
  work: (item: T, worker: Worker) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const left = [...items];
  await Promise.all(
    all.map(async (worker) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        results.push(await work(item, worker));
      }
    }),
  );
  return results;
}

interface Cell {
  readonly operation: Operation;
  readonly index: number;
  readonly mutation: Mutation;
}

/** What is wrong with how an operation ended; undefined when all is well. */
async function verdict({ operation, index, mutation }: Cell, worker: Worker): Promise<string | undefined> {
  worker.lane().meddle((_seen, next) => next());
  if (mutation.lasts === true) {
    await worker.renew(IMPATIENT);
  }
  const { names, run, holds } = await operation.prepare(worker, ledger);
  worker.lane().meddle(at(index, mutation));
  const timer = new Promise<string>((resolve) => setTimeout(() => resolve("it hangs"), HANGS).unref());
  const ended = run().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const outcome = await Promise.race([ended, timer]);
  worker.lane().meddle((_seen, next) => next());
  if (mutation.lasts === true || /^(429|503)/.test(mutation.name)) {
    await worker.renew();
  }
  if (typeof outcome === "string") {
    return outcome;
  }
  if ("error" in outcome) {
    const { error } = outcome;
    if (!(error instanceof errors.CleanRoomError) || !KNOWN.some((known) => error.constructor === known)) {
      return `it fails with ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    }
    const named =
      /(GET|PUT|POST|PATCH) http:\/\/127\.0\.0\.1:\d+\/\S+/.test(error.message) ||
      /(Dataset|Document|Query|Secret|Key|[Pp]roposal|collaboration) '[^']*'/.test(error.message) ||
      error.message.includes(names);
    return named ? undefined : `its error names neither request nor resource: ${error.message}`;
  }
  if (operation.looksOnce === true && mutation.mayLie === true) {
    return undefined;
  }
  try {
    await holds(outcome.result);
  } catch (error) {
    return errors.messageOf(error);
  }
  return undefined;
}

async function failuresOf(what: string, cells: readonly Cell[]): Promise<readonly string[]> {
  account(what, cells.length);
  const verdicts = await inLanes(cells, async (cell, worker) => {
    const wrong = await verdict(cell, worker);
    return wrong === undefined
      ? []
      : [`${cell.operation.name}, request ${cell.index}, ${cell.mutation.name} (SEED=${SEED}): ${wrong}`];
  });
  return verdicts.flat();
}

test("every kind of resource is among those whose answers are tried", () => {
  expect(Object.keys(BY_KIND).sort()).toEqual([...KINDS].sort());
});

test(
  "every answer of every operation is taken only for what it is",
  async () => {
    const cells = OPERATIONS.flatMap((operation) =>
      Array.from({ length: Math.min(MOST, requests.get(operation) ?? 0) }, (_, index) =>
        MUTATIONS.map((mutation): Cell => ({ operation, index, mutation })),
      ).flat(),
    )
      .filter(({ operation, mutation }) => operation.sharesClient !== true || !mutation.name.includes("of an hour"))
      .filter((_, number) => (number + SEED) % EVERY === 0);
    expect(await failuresOf("wrong answers", cells)).toEqual([]);
  },
  30 * 60_000,
);

test(
  `${RANDOM} random changes of good answers are seen through`,
  async () => {
    const dice = random(SEED);
    const cells = Array.from({ length: RANDOM }, (): Cell => {
      const operation = OPERATIONS[Math.floor(dice() * OPERATIONS.length)];
      return {
        operation,
        index: Math.floor(dice() * Math.min(MOST, requests.get(operation) ?? 1)),
        mutation: randomly(dice),
      };
    });
    expect(await failuresOf("random changes of good answers", cells)).toEqual([]);
  },
  30 * 60_000,
);
