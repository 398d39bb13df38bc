// What a state says of itself, whatever governance holds: operations and resources that are not done.
import { nameOf, type StackState } from "../../shared/stack";
import type { Finding } from "../finding";
import { textAt, up } from "./common";

export function stateFindings({ name: stack, resources, pending }: StackState): readonly Finding[] {
  const operations = pending.map(({ urn, type }): Finding => ({
    kind: "pending",
    stack,
    resource: urn,
    document: null,
    found: `the state was left while '${nameOf(urn)}' was ${type || "worked on"}: a run was interrupted, or is still going on`,
    mend: `if no run is going on: pulumi cancel --stack ${stack} (where the stack is locked), then pulumi refresh --stack ${stack}, then ${up(stack)}`,
  }));
  const unfinished = resources.flatMap((resource): readonly Finding[] => {
    const { urn, kind, isToBeDeleted, initErrors } = resource;
    const finding = {
      stack,
      resource: urn,
      document: kind === undefined ? null : textAt(resource, "documentId") || null,
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
