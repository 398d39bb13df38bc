// AWS's common rules: regions, names, tags, and how it refuses.
import { ServiceError } from "../../http";
import { enumerationOf } from "../definitions";
import type { Autoname, Cloud, Failure } from "../protocol";
import { isUnknown } from "../protocol";
import type { Properties, Resource } from "../records";
import { tokens } from "../tokens";

/** Where nobody says where: what `AWS_REGION` says in a collaborator's shell. */
const DEFAULT_REGION = "us-east-1";

/** AWS's regions, as the provider's package names them. */
export const REGION = "aws:index:Region";

/** No region of AWS is refused with those that there are. */
export function checkRegion(region: unknown): readonly Failure[] {
  const { values, version } = enumerationOf(REGION);
  if (!isKnown(region) || values.includes(region)) return [];
  return [{ property: "region", reason: `invalid AWS Region: ${region}; aws ${version} knows ${values.join(", ")}` }];
}

/** The program's name, a hyphen and seven random digits, as the real provider names. */
export const suffixedName = (property: string): Autoname => ({
  property,
  unique: true,
  make: (name, random) => `${name}-${random(7)}`,
});

/** The resource's own region, else the provider's. */
export const withRegion = (cloud: Cloud, inputs: Properties): Properties =>
  inputs.region == null ? { ...inputs, region: regionOf(cloud) } : inputs;

export const regionOf = ({ config }: Cloud): string => config.region ?? DEFAULT_REGION;

/** Tags as answered: the resource's own, as the sandbox models no default tags. */
export const withTags = (inputs: Properties): Properties => ({ ...own(inputs), tagsAll: inputs.tags ?? {} });

/** Without the provider's notes. */
export const own = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));

/** @throws ServiceError 404 NoSuchBucket */
export function requireBucket({ state, collaborator }: Cloud, name: unknown): Resource {
  const found = state.records.get({ owner: collaborator.name, type: tokens.bucket, id: String(name) });
  if (found !== undefined) return found;
  throw new ServiceError(404, "NoSuchBucket", `The specified bucket does not exist: ${String(name)}`);
}

/** @throws ServiceError 404 NoSuchEntity */
export function requireUser({ state, collaborator }: Cloud, name: unknown): Resource {
  const found = state.records.get({ owner: collaborator.name, type: tokens.user, id: String(name) });
  if (found !== undefined) return found;
  throw new ServiceError(404, "NoSuchEntity", `The user with name ${String(name)} cannot be found.`);
}

/** All of one type that belong to one user. */
export const ofUser = ({ state, collaborator }: Cloud, type: string, user: unknown): readonly Resource[] =>
  state.records.list(type).filter((each) => each.owner === collaborator.name && each.inputs.user === user);

/** As AWS writes times. */
export const seconds = (time: Date): string => time.toISOString().replace(/\.\d+/, "");

/** A text that is known now. */
export const isKnown = (value: unknown): value is string => typeof value === "string" && !isUnknown(value);
