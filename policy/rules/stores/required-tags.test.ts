import { STORAGE_ACCOUNT, VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { requiredTags } from "./required-tags";

const settings = { tags: { owner: "", "managed-by": "pulumi" } };
const vault = (tags: unknown): { type: string; inputs: object } => ({ type: VAULT, inputs: { tags } });

testRule(requiredTags, {
  violations: [
    {
      what: "a tag that is missing",
      given: vault({ "managed-by": "pulumi" }),
      settings,
      says: "Vault 'sales' has no tag 'owner'",
    },
    {
      what: "a tag of another value",
      given: vault({ owner: "contosso", "managed-by": "hand" }),
      settings,
      says: "Vault 'sales' has the tag 'managed-by' with another value than 'pulumi'",
    },
  ],
  complies: [
    { what: "every tag", given: vault({ owner: "contosso", "managed-by": "pulumi", more: "too" }), settings },
    { what: "none where none is configured", given: vault({}) },
  ],
  unknown: {
    what: "a tag",
    given: vault({ owner: UNKNOWN, "managed-by": "pulumi" }),
    settings,
    path: "tags.owner of Vault 'sales'",
  },
  missing: {
    what: "an account without tags",
    given: { type: STORAGE_ACCOUNT },
    settings,
    says: "Storage account 'sales' has no tag 'owner'",
  },
  remediations: [
    {
      what: "a missing tag whose value is configured",
      given: vault({ owner: "contosso" }),
      settings,
      becomes: { tags: { owner: "contosso", "managed-by": "pulumi" } },
    },
    {
      what: "no tag that another value was given",
      given: vault({ owner: "c", "managed-by": "hand" }),
      settings,
      becomes: undefined,
    },
    {
      what: "no tag whose value only people know",
      given: vault({ "managed-by": "pulumi" }),
      settings,
      becomes: undefined,
    },
  ],
});
