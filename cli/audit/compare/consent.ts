// Consent to a document's use: ours, as the programs say and as governance has it, and that of the other approvers.
import type { StackResource } from "../../shared/stack";
import type { Finding } from "../finding";
import { about, documentIdOf, listed, refreshThenUp, textAt, up, type Compared } from "./common";

/** What programs say of our consent, by document id. */
export function wantedConsents(resources: readonly StackResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources
      .filter(({ kind }) => kind === "DocumentConsent")
      .map((resource) => [documentIdOf(resource), textAt(resource, "consent")]),
  );
}

export function compareConsent(compared: Compared): readonly Finding[] {
  const { stack, resource, governed } = compared;
  const documentId = documentIdOf(resource);
  if (textAt(resource, "status") !== "ready") {
    return []; // it waits, and says so
  }
  if (!governed.datasets.has(documentId) && !governed.queries.has(documentId)) {
    const found = "the state has a consent to it, governance has no such document";
    return [about(compared, documentId)("lost", found, refreshThenUp(stack))];
  }
  const wanted = textAt(resource, "consent");
  const ours = oursOf(compared, documentId);
  return wanted === "" || ours === undefined || ours === wanted
    ? []
    : [about(compared, documentId)("drift", `our consent to its use is ${ours}, not ${wanted}`, up(stack))];
}

/** Whether our consent is disabled, though no program says so. */
export function ourConsent(compared: Compared, documentId: string): readonly Finding[] {
  if (oursOf(compared, documentId) !== "disabled" || compared.wanted.has(documentId)) {
    return [];
  }
  const mend = `a DocumentConsent for '${documentId}' with consent: "enabled", then ${up(compared.stack)}; with "disabled", if it is meant to be`;
  return [about(compared, documentId)("drift", "our consent to its use is disabled: no query can use it", mend)];
}

/** Whether others have disabled it. */
export function othersConsent(compared: Compared, documentId: string): readonly Finding[] {
  const { caller, consents } = compared.governed;
  const others = consents.get(documentId)?.disabledBy.filter((approver) => approver !== caller) ?? [];
  return others.length === 0
    ? []
    : [
        about(compared, documentId)(
          "drift",
          `its use is disabled by ${listed(others)}`,
          "ask them: only they can enable it",
        ),
      ];
}

/** Undefined where there is none to give: the document is not accepted. */
function oursOf({ governed }: Compared, documentId: string): "enabled" | "disabled" | undefined {
  const consent = governed.consents.get(documentId);
  return consent?.accepted !== true ? undefined : consent.disabledBy.includes(governed.caller) ? "disabled" : "enabled";
}
