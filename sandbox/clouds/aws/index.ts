// The provider package aws, as far as the sandbox models it.
import { bridged } from "../definitions";
import type { ProviderPackage } from "../protocol";
import type { Properties } from "../records";
import { accessKey } from "./access-key";
import { bucket } from "./bucket";
import { bucketSettings } from "./bucket-settings";
import { getCallerIdentity, getPartition, getRegion } from "./functions";
import { getPolicyDocument } from "./policy-document";
import { user } from "./user";
import { userPolicy } from "./user-policy";

export const aws: ProviderPackage = {
  name: "aws",
  version: "7.48.0",
  models: [bucket, ...bucketSettings, user, userPolicy, accessKey],
  functions: [getCallerIdentity, getRegion, getPartition, getPolicyDocument],
  explain: ({ status, code, message }, act) =>
    `${act}: https response error StatusCode: ${status}, api error ${code}: ${message}`,
  wording: bridged,
  naming: {
    keeps: isChosen,
    notes: (chosen) => ({ __defaults: chosen === undefined ? [] : [chosen.property] }),
    deletesFirst: (before, after, property) => !isChosen(after, property) && before[property] === after[property],
  },
};

function isChosen({ __defaults: defaults }: Properties, property: string): boolean {
  return Array.isArray(defaults) && defaults.includes(property);
}
