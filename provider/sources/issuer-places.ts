// The issuer of the clean room's tokens stands in four places, and has to be the same in all: letter by letter, since
// Microsoft Entra compares it so.
import { kidsOf, sameKeys } from "../model/issuer";
import type { CleanRoom } from "../services/clean-room";
import { readIssuer } from "../services/public-issuer";
import { ResourceManager } from "../services/resource-manager";

export type IssuerPlaceName = "governance" | "discovery document" | "federated credential" | "dataset";

export interface IssuerPlace {
  readonly place: IssuerPlaceName;
  /** What stands there; empty where nothing does. */
  readonly issuerUrl: string;
  /** In which way it differs, and what mends it; empty where it does not. */
  readonly problem: string;
}

export interface IssuerQuestion {
  /** What it has to be. @default the dataset's, else governance's */
  readonly issuerUrl?: string;
  /** Azure resource id of the managed identity. @default credentials are not looked at */
  readonly identityId?: string;
  /** Id of the dataset's document. @default documents are not looked at */
  readonly documentId?: string;
}

/** Each place that was asked for, in the order in which a token passes them. */
export async function compareIssuers(room: CleanRoom, question: IssuerQuestion): Promise<readonly IssuerPlace[]> {
  const [{ issuerUrl: registered = "" }, dataset] = await Promise.all([
    room.frontend.issuerInfo(),
    question.documentId === undefined ? undefined : datasetIssuer(room, question.documentId),
  ]);
  const wanted = question.issuerUrl ?? (dataset || registered);
  const places: IssuerPlace[] = [
    {
      place: "governance",
      issuerUrl: registered,
      problem:
        registered === wanted
          ? ""
          : `governance says '${registered}', not '${wanted}': any user of the tenant may set it; \`pulumi up\` of the stack with the OidcIssuer sets it again`,
    },
    await servedPlace(room, wanted),
  ];
  if (question.identityId !== undefined) {
    places.push(await credentialPlace(room, question.identityId, wanted));
  }
  if (dataset !== undefined) {
    places.push({
      place: "dataset",
      issuerUrl: dataset,
      problem:
        dataset === wanted
          ? ""
          : `dataset '${question.documentId ?? ""}' names the issuer '${dataset}', not '${wanted}': its document can't be changed, so publish it anew with this issuer`,
    });
  }
  return places;
}

async function datasetIssuer(room: CleanRoom, documentId: string): Promise<string> {
  return (await room.frontend.dataset(documentId))?.data.identity?.issuerUrl ?? "";
}

async function servedPlace(room: CleanRoom, wanted: string): Promise<IssuerPlace> {
  const place = "discovery document";
  const served = await readIssuer(wanted);
  if (served.problem !== undefined) {
    return { place, issuerUrl: "", problem: `${served.problem}: Microsoft Entra can't verify a token without it` };
  }
  const keys = await room.frontend.issuerKeys();
  const problem = sameKeys(served.keys, keys)
    ? ""
    : `the keys served for '${wanted}' (${kidsOf(served.keys)}) are not governance's (${kidsOf(keys)}): \`pulumi up\` of the stack with the OidcIssuer publishes these`;
  return { place, issuerUrl: served.issuer, problem };
}

async function credentialPlace(room: CleanRoom, identityId: string, wanted: string): Promise<IssuerPlace> {
  const place = "federated credential";
  const [contractId, { oid }, credentials] = await Promise.all([
    room.contractId(),
    room.caller(),
    new ResourceManager(room.settings.resourceManagerUrl).federatedCredentials(identityId),
  ]);
  const subject = `${contractId}-${oid}`;
  const ours = credentials.filter((each) => each.subject === subject);
  const found = ours.find(({ issuer }) => issuer === wanted);
  if (found !== undefined) {
    return { place, issuerUrl: wanted, problem: "" };
  }
  const issuers = ours.map(({ issuer }) => `'${issuer}'`).join(", ");
  const problem =
    ours.length === 0
      ? `identity '${identityId}' has no federated credential for the subject '${subject}': \`pulumi refresh\`, then \`pulumi up\`, makes it`
      : `the federated credential for the subject '${subject}' trusts ${issuers}, not '${wanted}': \`pulumi refresh\`, then \`pulumi up\`, corrects it`;
  return { place, issuerUrl: ours[0]?.issuer ?? "", problem };
}
