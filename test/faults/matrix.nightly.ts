// The whole fault matrix: every request, and every write, of every flow, with every fault.
import { account, seed } from "../helpers/nightly";
import { FLOWS } from "./flows";
import { Sweep } from "./sweep";

const HOURS = 3_600_000;
let sweep: Sweep;

beforeAll(async () => {
  sweep = await Sweep.open(seed, 6);
}, 120_000);
afterAll(() => sweep.end());

test.each(FLOWS.map((flow) => [flow.name, flow] as const))(
  "%s survives every fault at every request and every write",
  async (_name, flow) => {
    const cells = await sweep.cellsOf(flow);
    const problems = await sweep.run(cells);
    account("fault matrix, cells", cells.length);
    expect(problems).toEqual([]);
  },
  HOURS,
);
