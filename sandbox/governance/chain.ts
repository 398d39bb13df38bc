// The ledger at work: one journal, the state that it makes, and the next place in it.
import { randomInt } from "node:crypto";
import { Journal } from "../journal";
import type { Change, Entry } from "./ledger";
import { State } from "./state";

/** Stands around every write; `write` appends the entry at once and resolves when it is durable. */
export type WriteGate = <T>(change: string, write: () => Promise<T>) => Promise<T>;

const open: WriteGate = (_change, write) => write();

export class Chain {
  private constructor(
    readonly state: State,
    private readonly journal: Journal<Entry>,
    private readonly clock: () => Date,
    private readonly gate: WriteGate,
  ) {}

  static async open(file: string, clock: () => Date, gate: WriteGate = open): Promise<Chain> {
    const state = new State();
    const journal = await Journal.open<Entry>(file, (entry) => state.apply(entry));
    const chain = new Chain(state, journal, clock, gate);
    await chain.write({ kind: "election" });
    return chain;
  }

  /** Changes the state at once, so that the next decision sees it, and resolves when the change is durable. */
  write(change: Change): Promise<Entry> {
    return this.gate(change.kind, async () => {
      const { view, seqno } = this.state;
      const entry: Entry = {
        view: change.kind === "election" ? view + 1 : view,
        seqno: seqno + 1 + randomInt(1, 4),
        at: this.clock().toISOString(),
        change,
      };
      await this.journal.append(entry);
      return entry;
    });
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}
