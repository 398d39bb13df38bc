// Runs many cells of the matrix, several at a time: most of a cell is waiting.
import { drawsOf, pick } from "../../sandbox/faults";
import { FAULTS } from "./faults";
import { type Flow, FLOWS } from "./flows";
import { Bench, type Cell, type Learned } from "./matrix";

export class Sweep {
  private constructor(private readonly benches: readonly Bench[]) {}

  static async open(seed: number, atOnce: number): Promise<Sweep> {
    const learned = new Map<Flow, Learned>();
    const benches = Array.from({ length: atOnce }, (_, index) => Bench.open(seed + index, learned));
    return new Sweep(await Promise.all(benches));
  }

  async end(): Promise<void> {
    await Promise.all(this.benches.map((each) => each.end()));
  }

  /** Every cell of a flow. */
  async cellsOf(flow: Flow): Promise<readonly Cell[]> {
    const [cells = []] = await this.#each([flow], cellsOf);
    return cells;
  }

  /** Few cells that have every flow and every fault among them, the places chosen by the seed. */
  async slice(seed: number): Promise<readonly Cell[]> {
    const all = (await this.#each(FLOWS, cellsOf)).flat();
    return FAULTS.map((fault, index) => {
      const flow = FLOWS[(index + seed) % FLOWS.length];
      const cells = all.filter((cell) => cell.fault === fault && cell.flow === flow);
      return pick(drawsOf(seed, index), cells);
    });
  }

  /** What did not hold, by cell. */
  async run(cells: readonly Cell[]): Promise<readonly string[]> {
    const found = await this.#each(cells, async (bench, cell) =>
      (await problemsOf(bench, cell)).map((problem) => `${nameOf(cell)}: ${problem}`),
    );
    return found.flat();
  }

  /** Does one piece of work after the other, each bench one at a time. */
  async #each<T, R>(work: readonly T[], run: (bench: Bench, piece: T) => Promise<R>): Promise<readonly R[]> {
    const waiting = work.map((piece, index) => ({ piece, index }));
    const results: R[] = [];
    await Promise.all(
      this.benches.map(async (bench) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          results[next.index] = await run(bench, next.piece);
        }
      }),
    );
    return results;
  }
}

/** What breaks a cell off is a problem like any other: the cells beside it go on, and none is left running. */
function problemsOf(bench: Bench, cell: Cell): Promise<readonly string[]> {
  return bench.run(cell).catch((error: unknown) => [`it broke off: ${(error as Error).message}`]);
}

async function cellsOf(bench: Bench, flow: Flow): Promise<readonly Cell[]> {
  const { requests, writes } = await bench.learn(flow);
  return FAULTS.flatMap((fault) =>
    Array.from({ length: fault.at === "request" ? requests.length : writes }, (_, index) => ({
      flow,
      fault,
      nth: index + 1,
    })),
  );
}

const nameOf = ({ flow, fault, nth }: Cell): string => `${flow.name}: ${fault.name}, at ${fault.at} ${nth}`;
