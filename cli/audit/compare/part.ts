// Our part of another collaborator's query: a vote on it, segments in it.
import { amended, textDigest, type Segment } from "../../../provider/model/query";
import type { Finding } from "../finding";
import { about, documentIdOf, refreshThenUp, textAt, up, type Compared } from "./common";
import { ourConsent } from "./consent";
import { changedFrom, queryOf } from "./query";

export function compareApproval(compared: Compared): readonly Finding[] {
  const { stack, resource, governed } = compared;
  const ballot = textAt(resource, "ballot");
  if (ballot === "" && !governed.queries.has(documentIdOf(resource))) {
    return []; // it waits for the query, and says so
  }
  const { entry, found: faults } = queryOf(compared);
  if (entry?.state === undefined) {
    return faults;
  }
  const found = [...faults];
  const drift = (what: string, mend: string): void =>
    void found.push(about(compared, entry.documentId)("drift", what, mend));
  if (entry.state !== "Draft") {
    found.push(...changedFrom(compared, entry, "digest"));
  }
  if (ballot === "accepted" && entry.state === "Draft") {
    drift("the proposal that was accepted here is withdrawn: it is a draft again", refreshThenUp(stack));
  } else if (ballot === "accepted" && !entry.accepted.includes(governed.caller)) {
    drift(`the vote of ${governed.caller} is not among those of its ${entry.state} proposal`, refreshThenUp(stack));
  }
  return ballot === "accepted" ? [...found, ...ourConsent(compared, entry.documentId)] : found;
}

export function compareAmendment(compared: Compared): readonly Finding[] {
  const { stack, resource } = compared;
  if (textAt(resource, "status") !== "ready") {
    return []; // it waits, and says so
  }
  const { entry, found } = queryOf(compared);
  const { segments } = resource.outputs;
  if (entry?.query === undefined || !Array.isArray(segments)) {
    return found;
  }
  const isThere = textDigest(amended(entry.query, segments as readonly Segment[])) === textDigest(entry.query);
  const what = `our segments are no longer in it (${entry.state ?? "Draft"})`;
  const mend = entry.state === "Accepted" ? "agree with its author on a new query" : up(stack);
  return isThere ? found : [...found, about(compared, entry.documentId)("drift", what, mend)];
}
