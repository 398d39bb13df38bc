// Data stays where it may be.
import { cleanRoom, defineRule, mcsb, texts } from "../../framework";
import { BUCKETS } from "../../resources/aws";
import { STORAGE_ACCOUNT, VAULT } from "../../resources/azure";

export const locationAllowed = defineRule({
  code: "location-allowed",
  group: "stores",
  title: "Stores and vaults are in a location that is allowed.",
  risk: "Data that leaves its jurisdiction is under other law, and can't be called back.",
  remedy: "Use one of the locations that are configured.",
  references: [mcsb("AM-2"), cleanRoom("a dataset's document does not say where its data is")],
  settings: { locations: texts("Azure regions and AWS regions that may be used, such as westeurope; empty for any.") },
  types: [STORAGE_ACCOUNT, VAULT, ...BUCKETS],
  judge: ({ inputs }, { report, settings: { locations } }) => {
    if (locations.length === 0) {
      return;
    }
    const given = inputs.location ?? inputs.region;
    if (typeof given !== "string") {
      report(`does not say where it is; allowed are ${locations.join(", ")}`);
    } else if (!locations.some((location) => plain(location) === plain(given))) {
      report(`is in ${given}; allowed are ${locations.join(", ")}`);
    }
  },
});

/** `West Europe` and `westeurope` are one region. */
const plain = (location: string): string => location.toLowerCase().replaceAll(" ", "");
