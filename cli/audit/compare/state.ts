// What a state says of itself, whatever governance holds: operations and resources that are not done.
import { OF_THIS_PACKAGE, type PendingOperation, type StackState } from "../../shared/stack";
import type { Finding } from "../finding";
import { documentIdOf, refreshThenUp, textAt, up } from "./common";

export function stateFindings({ name: stack, resources, pending }: StackState): readonly Finding[] {
  const operations = pending.map((operation) => interrupted(stack, operation));
  const unfinished = resources.flatMap((resource): readonly Finding[] => {
    const { urn, kind, isToBeDeleted, initErrors } = resource;
    const finding = {
      stack,
      resource: urn,
      document: documentIdOf(resource) || null,
    };
    if (isToBeDeleted) {
      const found = "it was replaced, and is still to be deleted";
      return [{ ...finding, kind: "pending", found, mend: up(stack) }];
    }
    const status = kind === undefined ? "" : textAt(resource, "status");
    const since = textAt(resource, "since");
    const reason = [textAt(resource, "reason"), ...(since === "" ? [] : [`since ${since}`])].join(", ");
    if (status === "unconfirmed" || initErrors.length > 0) {
      const found = status === "unconfirmed" ? reason : initErrors.join("; ");
      return [
        { ...finding, kind: "unconfirmed", found: `its creation or update broke off: ${found}`, mend: up(stack) },
      ];
    }
    if (status === "waiting" || status === "rejected") {
      const then = status === "waiting" ? `once that is done: ${up(stack)}` : `change it, then ${up(stack)}`;
      return [{ ...finding, kind: "waiting", found: reason, mend: then }];
    }
    return [];
  });
  return [...operations, ...unfinished];
}

/** The engine forgets a pending creation only when it is told to; others with the next run. */
function interrupted(stack: string, { urn, type }: PendingOperation): Finding {
  const isOurs = urn.includes(`::${OF_THIS_PACKAGE}`) || urn.includes(`$${OF_THIS_PACKAGE}`);
  const first = `if no run is going on (pulumi cancel --stack ${stack} frees a lock that one left):`;
  const forget = `pulumi refresh --stack ${stack} --clear-pending-creates forgets it`;
  const mend =
    type !== "creating"
      ? refreshThenUp(stack)
      : isOurs
        ? `${up(stack)} finds what was made and goes on, then ${forget}`
        : `look whether the cloud has it: pulumi refresh --stack ${stack} asks for its id; else ${forget}`;
  return {
    kind: "pending",
    stack,
    resource: urn,
    document: null,
    found: `it was being ${type.replace(/ing$/, "ed")} when a run was interrupted, or a run is still going on`,
    mend: `${first} ${mend}`,
  };
}
