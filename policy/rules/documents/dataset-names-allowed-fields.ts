// A dataset says which of its fields queries may use.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";

export const datasetNamesAllowedFields = defineRule({
  code: "dataset-names-allowed-fields",
  group: "documents",
  title: "A dataset names its allowed fields, each a field of its schema.",
  risk: "Without any the clean room refuses every query when it runs; a name that the data lacks is dropped without a word.",
  remedy: "Name in allowedFields the fields of the schema that queries may use, one by one.",
  references: [mcsb("DP-1"), cleanRoom("datasetAccessPolicy.allowedFields: empty is refused at run time")],
  types: [DATASET_DOCUMENT],
  judge: ({ inputs }, { report }) => {
    const { datasetSchema, datasetAccessPolicy } = inputs as DatasetInputs;
    const allowed = datasetAccessPolicy?.allowedFields ?? [];
    const fields = (datasetSchema?.fields ?? []).map(({ fieldName }) => fieldName);
    if (fields.length === 0) {
      report("has a schema without fields");
    } else if (allowed.length === 0) {
      report("has no allowedFields");
    } else {
      const stranger = allowed.find((field) => !fields.includes(field));
      if (stranger !== undefined) {
        report(`allows the field '${stranger}', which its schema does not have (${fields.join(", ")})`);
      }
    }
  },
});
