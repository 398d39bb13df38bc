import { DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noPersonalFields } from "./no-personal-fields";

const document = (allowedFields: unknown): { type: string; inputs: object } => ({
  type: DATASET_DOCUMENT,
  inputs: { name: "members", datasetAccessPolicy: { allowedFields } },
});
const personal = (field: string): string =>
  `Dataset document 'sales' allows queries to use '${field}', which is personal data, and gives no reason`;

testRule(noPersonalFields, {
  violations: [
    { what: "an address of mail", given: document(["tier", "Email"]), says: personal("Email") },
    { what: "a day of birth", given: document(["birth_date"]), says: personal("birth_date") },
    {
      what: "a field that is configured",
      given: document(["points"]),
      settings: { names: ["Points"] },
      says: personal("points"),
    },
    {
      what: "a reason for another field",
      given: document(["email"]),
      settings: { reasons: { "members.phone": "called back", "members.email": " " } },
      says: personal("email"),
    },
  ],
  complies: [
    {
      what: "fields that name nobody",
      given: document(["customer_key", "region", "amount", "tier", "username_count"]),
    },
    {
      what: "a reason",
      given: document(["email"]),
      settings: { reasons: { "members.email": "hashed with a salt that neither side keeps" } },
    },
  ],
  unknown: {
    what: "the allowed fields",
    given: document([UNKNOWN]),
    path: "datasetAccessPolicy.allowedFields[0] of Dataset document 'sales'",
  },
  missing: { what: "a dataset without allowed fields", given: { type: DATASET_DOCUMENT }, says: undefined },
});
