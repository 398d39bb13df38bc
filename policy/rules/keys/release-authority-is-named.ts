// A release policy believes one named attestation service, and not anybody.
import { cleanRoom, defineRule, isObject, mcsb, texts } from "../../framework";
import { KEY, parseReleasePolicy, type KeyInputs } from "../../resources/azure";

export const releaseAuthorityIsNamed = defineRule({
  code: "release-authority-is-named",
  group: "keys",
  title: "Every branch of a release policy names its attestation service by its whole https address.",
  risk: "With an empty or wildcard authority the vault takes the word of an attestation service that anybody can run.",
  remedy: "Name the service, such as https://sharedneu.neu.attest.azure.net.",
  references: [mcsb("DP-6"), cleanRoom("GET skrpolicy: authority is empty for an unknown dataset")],
  settings: { authorities: texts("Attestation services that may be named; empty for any.") },
  types: [KEY],
  judge: ({ inputs }, { report, settings }) => {
    const policy = parseReleasePolicy((inputs as KeyInputs).properties?.releasePolicy?.data);
    const branches = isObject(policy) && Array.isArray(policy.anyOf) ? (policy.anyOf as readonly unknown[]) : [];
    for (const [index, branch] of branches.entries()) {
      const authority = isObject(branch) ? branch.authority : undefined;
      const problem = problemOf(authority, settings.authorities);
      if (problem !== undefined) {
        report(`has a release policy whose branch anyOf[${index}] ${problem}`);
        return;
      }
    }
  },
});

function problemOf(authority: unknown, allowed: readonly string[]): string | undefined {
  if (typeof authority !== "string" || authority.trim() === "") {
    return "names no authority";
  }
  if (!/^https:\/\/[^*\s/?#@]+\/?$/.test(authority)) {
    return `has the authority '${authority}', which is no https address of one service`;
  }
  const plain = (url: string): string => url.replace(/\/$/, "").toLowerCase();
  return allowed.length === 0 || allowed.some((each) => plain(each) === plain(authority))
    ? undefined
    : `has the authority '${authority}'; allowed are ${allowed.join(", ")}`;
}
