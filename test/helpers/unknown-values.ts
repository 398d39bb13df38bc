// What a program does not know yet, at every place of a resource's inputs.
import { placesIn, withAt } from "./arbitraries";
import type { Kind, Properties } from "./provider-process";

/** What the engine sends in the place of such a text. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Asserts that a value which is not known yet passes check and makes a diff, wherever it stands. */
export async function expectUnknownsPass(kind: Kind, given: Properties, id: string, state: Properties): Promise<void> {
  for (const place of placesIn(given)) {
    const unknown = withAt(given, place, UNKNOWN);
    expect([place, await kind.check(unknown)]).toEqual([place, []]);
    expect([place, await kind.check(unknown, given)]).toEqual([place, []]);
    expect([place, (await kind.diff(id, state, unknown)).changes]).toEqual([place, true]);
  }
}
