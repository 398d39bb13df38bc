// The fault matrix: however a run was broken, the next one brings the ledger to what a run without a fault would have
// written. Here every flow and every fault, though not at every request; the nightly run does all of it.
import { account } from "../helpers/account";
import { NIGHTLY, SEED } from "../helpers/seed";
import { FAULTS } from "./faults";
import { FLOWS } from "./flows";
import { Sweep } from "./sweep";

const MINUTES = 60_000;
/** Most of a cell is waiting, so several are run at a time. */
const AT_ONCE = NIGHTLY ? 6 : 3;

let sweep: Sweep;

beforeAll(async () => {
  // What is said to the user of each of so many runs is not for the user of the tests.
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  sweep = await Sweep.open(SEED, AT_ONCE);
}, 2 * MINUTES);
afterAll(async () => {
  jest.restoreAllMocks();
  await sweep.end();
});

if (NIGHTLY) {
  test.each(FLOWS.map((flow) => [flow.name, flow] as const))(
    "%s survives every fault at every request and every write",
    async (_name, flow) => {
      const cells = await sweep.cellsOf(flow);
      account("cells of the fault matrix", cells.length);
      expect(await sweep.run(cells)).toEqual([]);
    },
    60 * MINUTES,
  );
} else {
  test(
    "after every fault the next up ends as if nothing had happened, and the one after it writes nothing",
    async () => {
      const cells = await sweep.slice(SEED);
      expect(new Set(cells.map(({ fault }) => fault)).size).toBe(FAULTS.length);
      expect(new Set(cells.map(({ flow }) => flow)).size).toBe(FLOWS.length);
      expect(await sweep.run(cells)).toEqual([]);
    },
    5 * MINUTES,
  );
}
