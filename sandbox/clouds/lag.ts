// What takes effect late, on purpose: the records of some types as the rest of the cloud sees them, which is as they were a
// few seconds ago. Only in memory: after a restart everything has taken effect.
import type { Resource } from "./records";

interface Change {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly key: string;
  /** Undefined: it was not there. */
  readonly before: Resource | undefined;
}

export class Lag {
  private changes: Change[] = [];

  /** @param delay in milliseconds; 0: everything takes effect at once */
  constructor(
    readonly delay: number,
    private readonly clock: () => Date,
  ) {}

  /** Before a record is changed. */
  note(type: string, key: string, before: Resource | undefined): void {
    if (this.delay === 0) return;
    this.forget();
    this.changes.push({ at: this.clock().getTime(), type, key, before });
  }

  /** All of a type as they were before what has not taken effect yet. */
  seen(type: string, now: ReadonlyMap<string, Resource>): readonly Resource[] {
    if (this.delay === 0) return [...now.values()];
    this.forget();
    const seen = new Map(now);
    for (const change of this.changes.filter((each) => each.type === type).reverse()) {
      if (change.before === undefined) seen.delete(change.key);
      else seen.set(change.key, change.before);
    }
    return [...seen.values()];
  }

  private forget(): void {
    const since = this.clock().getTime() - this.delay;
    this.changes = this.changes.filter(({ at }) => at > since);
  }
}
