// A protocol of steps: each passes with a detail or fails with the reason and what to mend, and the first failure ends it.
import type { ReadStep } from "../admin";
import { codeOf, words } from "./codes";

/** Ends the protocol; what failed stands in it. */
export class StepFailed extends Error {}

/** A failure that knows its own remedy, better than the step's usual one. */
export class Unmet extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    /** As in `ReadStep.caution`. */
    readonly caution?: string,
  ) {
    super(message);
  }
}

/** What mends a step: by the code with which a service refuses it, and `otherwise` for everything else. */
export interface Remedies {
  readonly otherwise: string;
  readonly [code: string]: string;
}

interface Passed<T> {
  readonly value: T;
  readonly detail: string;
  /** As in `ReadStep.caution`. */
  readonly caution?: string;
}

export class Steps {
  readonly protocol: ReadStep[] = [];

  /** @param remedies for failures that do not name their own. @throws StepFailed */
  async run<T>(name: string, remedies: Remedies | string, action: () => Promise<Passed<T>> | Passed<T>): Promise<T> {
    try {
      const { value, detail, caution } = await action();
      this.protocol.push({ name, ok: true, detail, ...(caution !== undefined && { caution }) });
      return value;
    } catch (error) {
      const detail = words(error);
      const own = error instanceof Unmet ? error : undefined;
      const remedy = own?.remedy ?? (typeof remedies === "string" ? remedies : of(remedies, codeOf(error)));
      const caution = own?.caution === undefined ? {} : { caution: own.caution };
      this.protocol.push({ name, ok: false, detail, remedy, ...caution });
      throw new StepFailed(`${name}: ${detail}`, { cause: error });
    }
  }
}

const of = (remedies: Remedies, code: string | undefined): string =>
  (code === undefined ? undefined : remedies[code]) ?? remedies.otherwise;
