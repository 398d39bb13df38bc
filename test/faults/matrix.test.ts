// A slice of the fault matrix: every flow and every fault, though not every request with every fault, which the nightly
// run does. However a run was broken, the next one brings the ledger to what a run without a fault would have written.
import { seed } from "../helpers/nightly";
import { FAULTS } from "./faults";
import { FLOWS } from "./flows";
import type { Cell } from "./matrix";
import { Sweep } from "./sweep";

let sweep: Sweep;
let cells: readonly Cell[];

beforeAll(async () => {
  sweep = await Sweep.open(seed, 3);
  cells = await sweep.slice(seed, 2);
}, 120_000);
afterAll(() => sweep.end());

test("every flow and every fault is among what is run", () => {
  expect(new Set(cells.map(({ fault }) => fault)).size).toBe(FAULTS.length);
  expect(new Set(cells.map(({ flow }) => flow)).size).toBe(FLOWS.length);
});

test("after every fault the next up ends as if nothing had happened, and the one after it writes nothing", async () => {
  expect(await sweep.run(cells)).toEqual([]);
}, 300_000);
