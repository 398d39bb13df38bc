// A protocol of steps: each passes with a detail or fails with the reason and what to mend, and the first failure ends it.
import type { ReadStep } from "../admin";

/** Ends the protocol; what failed stands in it. */
export class StepFailed extends Error {}

/** A failure that knows its own remedy, better than the step's usual one. */
export class Unmet extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

interface Passed<T> {
  readonly value: T;
  readonly detail: string;
}

export class Steps {
  readonly protocol: ReadStep[] = [];

  /** @param remedy for failures that do not name their own. @throws StepFailed */
  async run<T>(name: string, remedy: string, action: () => Promise<Passed<T>> | Passed<T>): Promise<T> {
    try {
      const { value, detail } = await action();
      this.protocol.push({ name, ok: true, detail });
      return value;
    } catch (error) {
      const detail = error instanceof Error ? error.message.split("\n")[0] : String(error);
      this.protocol.push({ name, ok: false, detail, remedy: error instanceof Unmet ? error.remedy : remedy });
      throw new StepFailed(`${name}: ${detail}`, { cause: error });
    }
  }
}
