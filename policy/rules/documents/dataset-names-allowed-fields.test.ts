import { DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { datasetNamesAllowedFields } from "./dataset-names-allowed-fields";

const document = (
  allowedFields: unknown,
  fields: unknown = [{ fieldName: "region" }, { fieldName: "amount" }],
): { type: string; inputs: object } => ({
  type: DATASET_DOCUMENT,
  inputs: { datasetSchema: { format: "csv", fields }, datasetAccessPolicy: { accessMode: "read", allowedFields } },
});

testRule(datasetNamesAllowedFields, {
  violations: [
    { what: "no allowed field", given: document([]), says: "Dataset document 'sales' has no allowedFields" },
    {
      what: "a field that the schema does not have",
      given: document(["region", "Amount"]),
      says: "Dataset document 'sales' allows the field 'Amount', which its schema does not have (region, amount)",
    },
    {
      what: "a schema without fields",
      given: document(["region"], []),
      says: "Dataset document 'sales' has a schema without fields",
    },
  ],
  complies: [{ what: "fields of the schema", given: document(["region", "amount"]) }],
  unknown: {
    what: "the allowed fields",
    given: document(UNKNOWN),
    path: "datasetAccessPolicy.allowedFields of Dataset document 'sales'",
  },
  missing: {
    what: "a dataset without a schema",
    given: { type: DATASET_DOCUMENT },
    says: "Dataset document 'sales' has a schema without fields",
  },
});
