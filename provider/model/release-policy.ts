// What a release policy means: which clean rooms may have a key released, and how that changes. Ids are shortened in
// sentences, and never in a comparison.
import type { ReleasePolicy } from "../../contract";
import { canonicalJson } from "./canonical";
import { visible } from "./visible";

type Branch = ReleasePolicy["anyOf"][number];

/** The claim that says which code runs, on which configuration. */
export const HOST_DATA = "x-ms-sevsnpvm-hostdata";

/** How who may have a key released changes, by branch: a branch is the same only with all its claims and its authority. */
export interface ReleaseChange {
  readonly admitted: readonly Branch[];
  readonly dropped: readonly Branch[];
  /** Of the same host data, under other conditions. */
  readonly changed: readonly { readonly before: Branch; readonly now: Branch }[];
}

/** What is wrong with a policy by itself; nothing where only attested code gets the key. */
export function releasePolicyProblems({ anyOf }: ReleasePolicy): readonly string[] {
  const problems: string[] = [];
  if (anyOf.length === 0) {
    problems.push(
      "releasePolicy has no branch (anyOf): the key could never be released. Make it from the clean room's details.",
    );
  }
  if (!anyOf.every(({ authority, allOf }) => authority !== "" && allOf.length > 0)) {
    problems.push(
      "releasePolicy has a branch without authority or without claims, so that anybody's word would release the key. Make it from the clean room's details.",
    );
  }
  return problems;
}

/** `undefined` for a key that nobody can have released. */
export function releaseChange(before: ReleasePolicy | undefined, now: ReleasePolicy | undefined): ReleaseChange {
  const gone = without(before, now);
  const come = without(now, before);
  const changed = gone.flatMap((branch) => {
    const other = come.find((each) => hostDataOf(branch) !== undefined && hostDataOf(each) === hostDataOf(branch));
    return other === undefined ? [] : [{ before: branch, now: other }];
  });
  return {
    admitted: come.filter((branch) => !changed.some((pair) => pair.now === branch)),
    dropped: gone.filter((branch) => !changed.some((pair) => pair.before === branch)),
    changed,
  };
}

/** A sentence for each clean room to which a change makes a difference. */
export function releaseSentences(key: string, change: ReleaseChange): readonly string[] {
  return [
    ...change.admitted.map((branch) => `${cleanRoomOf(branch)} may release key '${key}' from now on.`),
    ...change.changed.map(
      ({ before, now }) =>
        `${cleanRoomOf(now)} may release key '${key}' under other conditions: ${conditions(before, now).join("; ")}.`,
    ),
    ...change.dropped.map((branch) => `${cleanRoomOf(branch)} may not release key '${key}' any longer.`),
  ].map(visible);
}

function without(policy: ReleasePolicy | undefined, other: ReleasePolicy | undefined): readonly Branch[] {
  const known = new Set((other?.anyOf ?? []).map(identityOf));
  return (policy?.anyOf ?? []).filter((branch) => !known.has(identityOf(branch)));
}

/** The order of claims makes no difference to a vault. */
function identityOf({ authority, allOf }: Branch): string {
  return canonicalJson([authority, allOf.map((each) => canonicalJson(each)).sort()]);
}

function hostDataOf({ allOf }: Branch): string | undefined {
  return allOf.find(({ claim }) => claim === HOST_DATA)?.equals;
}

function cleanRoomOf(branch: Branch): string {
  const hostData = hostDataOf(branch);
  return hostData === undefined
    ? `Whatever ${branch.authority} attests, with any host data,`
    : `Clean room ${hostData.length > 12 ? `${hostData.slice(0, 12)}…` : hostData}`;
}

function conditions(before: Branch, now: Branch): readonly string[] {
  const valuesOf = ({ authority, allOf }: Branch): Readonly<Record<string, string>> => ({
    authority,
    ...Object.fromEntries(allOf.map(({ claim, equals }) => [claim, String(equals)])),
  });
  const [old, wanted] = [valuesOf(before), valuesOf(now)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].sort();
  return names
    .filter((name) => old[name] !== wanted[name])
    .map((name) => `${name} is ${wanted[name] ?? "not asked for"}, was ${old[name] ?? "not asked for"}`);
}
