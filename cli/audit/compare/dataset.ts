// A dataset's document and a governance secret, each as its stack says and as governance holds it.
import type { Finding } from "../finding";
import { about, documentIdOf, faultsOf, listed, refreshThenUp, same, textAt, up, type Compared } from "./common";
import { ourConsent } from "./consent";

export function compareDataset(compared: Compared): readonly Finding[] {
  const { stack, resource, governed } = compared;
  const documentId = documentIdOf(resource);
  const entry = governed.datasets.get(documentId);
  const finding = about(compared, documentId);
  if (entry === undefined) {
    return [finding("lost", "the state has it, governance has no such dataset", refreshThenUp(stack))];
  }
  const found = [...faultsOf(compared, entry)];
  const drift = (what: string, mend = refreshThenUp(stack)): void => void found.push(finding("drift", what, mend));
  const ownerId = textAt(resource, "ownerId");
  const digest = textAt(resource, "digest");
  if (entry.state !== undefined && entry.state !== "Accepted") {
    drift(`it is ${entry.state} instead of Accepted`, up(stack));
  }
  if (entry.digest !== undefined && digest !== "" && entry.digest !== digest) {
    drift(
      `its content is ${entry.digest}, in the state ${digest}`,
      `nothing can change it back: give the dataset another name or documentId, then ${up(stack)}`,
    );
  }
  if (entry.state === "Accepted" && ownerId !== "" && entry.ownerId !== ownerId) {
    drift(
      `${entry.ownerId} published it, by the state ${ownerId} did`,
      `sign in as its owner, or give it another name`,
    );
  }
  if (entry.state === "Accepted" && ownerId !== "" && !same(entry.approvers, [ownerId])) {
    drift(`its approvers are ${listed(entry.approvers)} instead of its owner ${ownerId} alone`);
  }
  return [...found, ...ourConsent(compared, documentId)];
}

export function compareSecret(compared: Compared): readonly Finding[] {
  const { stack, resource, governed } = compared;
  const secretId = documentIdOf(resource);
  return governed.secretIds.has(secretId)
    ? []
    : [about(compared, secretId)("lost", "the state has it, governance has no such secret", refreshThenUp(stack))];
}
