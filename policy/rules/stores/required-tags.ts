// Every store and vault says whose it is.
import { cleanRoom, defineRule, isObject, mcsb, textByName } from "../../framework";
import { BUCKETS } from "../../resources/aws";
import { IDENTITY, STORAGE_ACCOUNT, VAULT } from "../../resources/azure";

export const requiredTags = defineRule({
  code: "required-tags",
  group: "stores",
  title: "Stores, vaults and identities carry the tags that are configured.",
  risk: "Nobody knows whose a store is when its data must be deleted, or its bill paid.",
  remedy: "Add the tag; the level remediate does it.",
  references: [mcsb("AM-1"), cleanRoom("a store does not say which dataset it is for")],
  settings: { tags: textByName("Tags by name, with the value they must have; an empty value takes any.") },
  types: [STORAGE_ACCOUNT, VAULT, IDENTITY, ...BUCKETS],
  judge: ({ inputs }, { report, settings: { tags } }) => {
    const given = isObject(inputs.tags) ? inputs.tags : {};
    for (const [name, value] of Object.entries(tags)) {
      if (!fits(given[name], value)) {
        report(
          given[name] === undefined
            ? `has no tag '${name}'`
            : `has the tag '${name}' with another value than '${value}'`,
        );
        return;
      }
    }
  },
  remediate: ({ inputs }, { tags }) => {
    const given = isObject(inputs.tags) ? inputs.tags : {};
    // An empty value takes any, and none can be made up.
    const missing = Object.entries(tags).filter(([name, value]) => value !== "" && given[name] === undefined);
    return missing.length === 0 ? undefined : { tags: { ...given, ...Object.fromEntries(missing) } };
  },
});

const fits = (given: unknown, value: string): boolean =>
  typeof given === "string" && given !== "" && (value === "" || given === value);
