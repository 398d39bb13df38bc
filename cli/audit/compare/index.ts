// Compares states with what one governance holds. Pure: everything was read before.
import { namespaceOf } from "../../shared/rooms";
import type { StackResource, StackState } from "../../shared/stack";
import type { Finding } from "../finding";
import type { Governed } from "../governed";
import type { Compared } from "./common";
import { compareConsent, wantedConsents } from "./consent";
import { compareDataset, compareSecret } from "./dataset";
import { orphans } from "./orphans";
import { compareAmendment, compareApproval } from "./part";
import { compareDraft, compareProposal } from "./query";

export { documentsOf } from "./orphans";
export { stateFindings } from "./state";

const BY_KIND: Readonly<Record<string, (compared: Compared) => readonly Finding[]>> = {
  ContractSecret: compareSecret,
  DocumentConsent: compareConsent,
  DatasetDocument: compareDataset,
  QueryAmendment: compareAmendment,
  QueryApproval: compareApproval,
  QueryDraft: compareDraft,
  QueryProposal: compareProposal,
};

/** A stack's resources that belong to one governance. */
export interface Share {
  readonly stack: string;
  readonly resources: readonly StackResource[];
}

/** The resources of a stack whose collaboration has one of these configuration namespaces. */
export function shareOf({ name, resources }: StackState, namespaces: ReadonlySet<string>): Share {
  return {
    stack: name,
    resources: resources.filter((resource) => resource.kind !== undefined && namespaces.has(namespaceOf(resource))),
  };
}

/** Findings about these stacks' resources, and about what none of them knows. */
export function compare(shares: readonly Share[], governed: Governed): readonly Finding[] {
  const resources = shares.flatMap((share) => share.resources);
  const wanted = wantedConsents(resources);
  const ofResources = shares.flatMap(({ stack, resources: own }) =>
    own
      .filter(({ isToBeDeleted }) => !isToBeDeleted)
      .filter(({ outputs }) => outputs.status !== "unconfirmed")
      .flatMap((resource) => BY_KIND[resource.kind ?? ""]?.({ stack, resource, governed, wanted }) ?? []),
  );
  return [...ofResources, ...orphans(governed, resources)];
}
