// When keys are renewed, as labels: the same label is the same key, another one is another key.
import * as pulumi from "@pulumi/pulumi";

/** What stands in keys' names: 1 to 20 letters, digits and single hyphens. */
const LABEL = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface RotationSchedule {
  /** Months that a key is used, 1 to 120. */
  readonly months: number;
  /** First day of the first key, such as `2026-01-01` (UTC); later keys begin on the same day of their months. */
  readonly from: string;
}

/**
 * A label for the arguments named rotation that changes every so many months: the first day of the present period, such
 * as `20260701`. Nothing happens on that day by itself: the first `pulumi up` after it rotates. A schedule that is given
 * for the first time rotates, too, since its label is another one than none.
 *
 * @param today the day that counts, to be named where a run must not depend on the clock
 * @example
 * new ReleaseKey("sales", { ...args, rotation: rotationEvery({ months: 6, from: "2026-01-01" }) });
 */
export function rotationEvery({ months, from }: RotationSchedule, today = new Date()): string {
  if (!Number.isInteger(months) || months < 1 || months > 120) {
    throw new pulumi.RunError(`rotationEvery: months is ${months}: give a whole number from 1 to 120.`);
  }
  const start = new Date(`${from}T00:00:00Z`);
  if (!DAY.test(from) || Number.isNaN(start.getTime()) || start.toISOString().slice(0, 10) !== from) {
    throw new pulumi.RunError(`rotationEvery: from is '${from}': give a day such as 2026-01-01.`);
  }
  let begun = start;
  for (let period = 1; ; period += 1) {
    const next = monthsAfter(start, period * months);
    // A first period that has not begun yet has its key already.
    if (next > today) {
      return begun.toISOString().slice(0, 10).replaceAll("-", "");
    }
    begun = next;
  }
}

/** A label as it stands in names; none where there is none. @throws RunError where a name can't hold it */
export function rotationLabel(argument: string, label: string | undefined): readonly string[] {
  if (label === undefined) {
    return [];
  }
  if (!LABEL.test(label) || label.length > 20) {
    throw new pulumi.RunError(
      `${argument} is '${label}': it stands in keys' names, so give 1 to 20 letters, digits and hyphens, such as v2.`,
    );
  }
  return [label];
}

/** The same day so many months later; the month's last one where it has no such day. */
function monthsAfter(start: Date, months: number): Date {
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(start.getUTCDate(), last)));
}
