// A key goes to the clean rooms of this contract, and to no others.
import { cleanRoom, defineRule, isObject, mcsb, texts, type Resource } from "../../framework";
import { KEY, parseReleasePolicy, type KeyInputs } from "../../resources/azure";
import { DATA_KEY, DATASET_DOCUMENT, type DataKeyInputs, type DatasetInputs } from "../../resources/clean-room";

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

export const releasedToThisContractOnly = defineRule({
  code: "released-to-this-contract-only",
  group: "keys",
  title:
    "A key is released to the clean rooms of this contract only, on the word of the service that the dataset names.",
  risk: "A branch for another contract's clean room lets code that nobody here agreed to read the data.",
  remedy: "Make key and DataKey from the same getCleanRoomDetails, or name what is allowed in the setting hostData.",
  references: [mcsb("DP-6"), cleanRoom("GET cleanroompolicy: accepted host data")],
  settings: {
    hostData: texts("Host data that the contract has accepted; empty for what DataKey in the same stack says."),
  },
  judgeStack: ({ of, eachOf, settings: { hostData } }) => {
    eachOf([KEY], (key, { report }) => {
      const { keyName, properties } = key.inputs as KeyInputs;
      const branches = branchesOf(parseReleasePolicy(properties?.releasePolicy?.data));
      const isOurs = (name: string | undefined): boolean => name !== undefined && name === (keyName ?? key.name);
      const agreed =
        hostData.length > 0
          ? [...hostData]
          : of(DATA_KEY)
              .map(({ inputs }) => inputs as DataKeyInputs)
              .filter((dataKey) => isOurs(dataKey.keyName))
              .flatMap(({ releasePolicy }) => branchesOf(releasePolicy).map(({ code }) => code));
      const stranger = agreed.length === 0 ? undefined : branches.find(({ code }) => !agreed.includes(code));
      if (stranger !== undefined) {
        report(`may be released to host data ${stranger.code}, which is not of this contract (${agreed.join(", ")})`);
        return;
      }
      const believed = of(DATASET_DOCUMENT)
        .map((document) => [document, (document.inputs as DatasetInputs).kek] as const)
        .find(([, kek]) => isOurs(kek?.secretId));
      const other = believed && branches.find(({ authority }) => !same(authority, believed[1]?.maaUrl));
      if (believed !== undefined && other !== undefined) {
        report(`believes ${other.authority}, but ${label(believed[0])} names ${believed[1]?.maaUrl ?? "no service"}`);
      }
    });
  },
});

const label = (document: Resource): string => document.label;
const same = (a: string, b: string | undefined): boolean => a.replace(/\/$/, "") === b?.replace(/\/$/, "");

function branchesOf(policy: unknown): readonly { readonly code: string; readonly authority: string }[] {
  const branches = isObject(policy) && Array.isArray(policy.anyOf) ? policy.anyOf.filter(isObject) : [];
  return branches.map(({ authority, allOf }) => {
    const claims = Array.isArray(allOf) ? allOf.filter(isObject) : [];
    const code = claims.find(({ claim }) => claim === HOST_DATA)?.equals;
    return { code: textOr(code, "(none)"), authority: textOr(authority, "no service") };
  });
}

const textOr = (value: unknown, none: string): string => (typeof value === "string" ? value : none);
