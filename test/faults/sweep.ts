// Runs many cells of the matrix, several at a time: most of a cell is waiting.
import { FAULTS } from "./faults";
import { type Flow, FLOWS } from "./flows";
import { Bench, type Cell } from "./matrix";

export class Sweep {
  private constructor(private readonly benches: readonly Bench[]) {}

  static async open(seed: number, atOnce: number): Promise<Sweep> {
    return new Sweep(await Promise.all(Array.from({ length: atOnce }, (_, index) => Bench.open(seed + index))));
  }

  async end(): Promise<void> {
    await Promise.all(this.benches.map((each) => each.end()));
  }

  /** Every cell of a flow. */
  async cellsOf(flow: Flow): Promise<readonly Cell[]> {
    const { requests, writes } = await this.#first.learn(flow);
    return FAULTS.flatMap((fault) =>
      Array.from({ length: fault.at === "request" ? requests.length : writes }, (_, index) => ({
        flow,
        fault,
        nth: index + 1,
      })),
    );
  }

  /** Few cells that have every flow and every fault among them, the places chosen by the seed. */
  async slice(seed: number, ofEachFault: number): Promise<readonly Cell[]> {
    const all = new Map<Flow, readonly Cell[]>();
    for (const flow of FLOWS) all.set(flow, await this.cellsOf(flow));
    return FAULTS.flatMap((fault, index) =>
      Array.from({ length: ofEachFault }, (_, round): Cell => {
        const turn = index + round * FAULTS.length;
        const flow = FLOWS[turn % FLOWS.length];
        const cells = (all.get(flow) ?? []).filter((cell) => cell.fault === fault);
        return cells[(turn * 7 + seed) % cells.length];
      }),
    );
  }

  /** What did not hold, by cell. */
  async run(cells: readonly Cell[]): Promise<readonly string[]> {
    const waiting = [...cells];
    const problems: string[] = [];
    await Promise.all(
      this.benches.map(async (bench) => {
        for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
          const found = await bench.run(cell);
          problems.push(...found.map((each) => `${nameOf(cell)}: ${each}`));
        }
      }),
    );
    return problems;
  }

  get #first(): Bench {
    return this.benches[0];
  }
}

const nameOf = ({ flow, fault, nth }: Cell): string => `${flow.name}: ${fault.name}, at ${fault.at} ${nth}`;
