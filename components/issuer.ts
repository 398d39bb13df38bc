// What the clean room's tokens are signed with, and whether every place names the same issuer.
import * as pulumi from "@pulumi/pulumi";
import type { IssuerPlace, SigningKey } from "../provider";
import { ask, type CollaborationOptions } from "./ask";

export type { IssuerPlace, SigningKey } from "../provider";

/** Public halves of governance's signing keys, sorted by id: what an issuer's key set (JWKS) has to hold, and no other. */
export function getIssuerKeys(options: CollaborationOptions = {}): pulumi.Output<readonly SigningKey[]> {
  return ask(options, (sources) => sources.issuerKeys());
}

export interface IssuerQuery extends CollaborationOptions {
  /** What it has to be. @default the dataset's, else governance's */
  readonly issuerUrl?: pulumi.Input<string>;
  /** Azure resource id of the managed identity that the clean room signs in as. @default credentials are not looked at */
  readonly identityId?: pulumi.Input<string>;
  /** Id of the dataset's document. @default documents are not looked at */
  readonly documentId?: pulumi.Input<string>;
}

/**
 * The issuer in the places where it has to be the same: governance, the discovery document as everybody sees it, the
 * federated credential, the dataset: `[{ place, issuerUrl, problem }]`. A place that differs has a `problem` that says what
 * mends it, and is warned of in the run.
 *
 * @example
 * export const issuer = getIssuerPlaces({ identityId: identity.id, documentId: sales.documentId });
 */
export function getIssuerPlaces(query: IssuerQuery = {}): pulumi.Output<readonly IssuerPlace[]> {
  const { issuerUrl, identityId, documentId } = query;
  return pulumi.output({ issuerUrl, identityId, documentId }).apply((question) =>
    ask(query, (sources) => sources.issuerPlaces(question)).apply((places) => {
      for (const { place, problem } of places.filter(({ problem: what }) => what !== "")) {
        void pulumi.log.warn(`The issuer differs, so no clean room can sign in. ${place}: ${problem}.`);
      }
      return places;
    }),
  );
}
