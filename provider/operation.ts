// One operation of the engine (check, create, update …) as all its requests see it: how long it may take altogether, and
// whether anything may have been written so far.
import { AsyncLocalStorage } from "node:async_hooks";

export class Operation {
  /** Milliseconds since the epoch at which the operation has to end. */
  #end: number;
  #mayHaveWritten = false;

  constructor(
    private seconds: number,
    /** `QueryDraft create` */
    private readonly name: string,
    /** Whether it brings something about, for which a role that has not spread yet is waited. */
    readonly isPatient = false,
  ) {
    this.#end = Date.now() + seconds * 1_000;
  }

  get end(): number {
    return this.#end;
  }

  /** What ended it, in words. */
  get words(): string {
    return `the deadline of ${this.name} (${this.seconds} s)`;
  }

  /** Waiting for others, which the program asked for, does not count as working. */
  extend(seconds: number): void {
    this.seconds += seconds;
    this.#end += seconds * 1_000;
  }

  /** A request that changes something was sent, and was not surely refused. */
  noteWrite(): void {
    this.#mayHaveWritten = true;
  }

  /** Whether something may be there now that was not there before. */
  get mayHaveWritten(): boolean {
    return this.#mayHaveWritten;
  }
}

const running = new AsyncLocalStorage<Operation>();

/** Runs `work` as one operation that ends within `seconds`. */
export function operate<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
  return running.run(operation, work);
}

/** The operation that the caller is part of; none outside the engine's calls, as in a data source. */
export function currentOperation(): Operation | undefined {
  return running.getStore();
}
