import { BUCKETS } from "../../resources/aws";
import { STORAGE_ACCOUNT, VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { locationAllowed } from "./location-allowed";

const settings = { locations: ["westeurope", "eu-west-1"] };

testRule(locationAllowed, {
  violations: [
    {
      what: "a region that is not allowed",
      given: { type: STORAGE_ACCOUNT, inputs: { location: "eastus" } },
      settings,
      says: "Storage account 'sales' is in eastus; allowed are westeurope, eu-west-1",
    },
    {
      what: "a bucket's region that is not allowed",
      given: { type: BUCKETS[0], inputs: { region: "us-east-1" } },
      settings,
      says: "Bucket 'sales' is in us-east-1; allowed are westeurope, eu-west-1",
    },
  ],
  complies: [
    {
      what: "an allowed region, as Azure shows it",
      given: { type: VAULT, inputs: { location: "West Europe" } },
      settings,
    },
    { what: "an allowed region of AWS", given: { type: BUCKETS[0], inputs: { region: "eu-west-1" } }, settings },
    { what: "any region where none is configured", given: { type: VAULT, inputs: { location: "eastus" } } },
  ],
  unknown: {
    what: "a region",
    given: { type: VAULT, inputs: { location: UNKNOWN } },
    settings,
    path: "location of Vault 'sales'",
  },
  missing: {
    what: "a vault without a region",
    given: { type: VAULT },
    settings,
    says: "Vault 'sales' does not say where it is; allowed are westeurope, eu-west-1",
  },
});
