// Personal data is not among what queries may use, unless somebody wrote down why.
import { cleanRoom, defineRule, mcsb, textByName, texts } from "../../framework";
import { DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";

export const noPersonalFields = defineRule({
  code: "no-personal-fields",
  group: "documents",
  title: "Personal data is never among a dataset's allowed fields without a reason.",
  risk: "A query's result can then name people, and what was shared for statistics identifies them.",
  remedy:
    'Leave the field out of allowedFields, or write the reason into the setting reasons: {"<dataset>.<field>": "<reason>"}.',
  references: [mcsb("DP-1"), mcsb("DP-2"), cleanRoom("allowedFields is all that limits a query's columns")],
  settings: {
    names: texts("Names of fields with personal data, without regard to case.", {
      default: [
        "name",
        "first_name",
        "last_name",
        "surname",
        "address",
        "street",
        "city_of_birth",
        "nationality",
        "religion",
        "gender",
      ],
    }),
    patterns: texts("Regular expressions that names of fields with personal data match, without regard to case.", {
      default: [
        "e_?mail",
        "phone|mobile|msisdn",
        "birth|\\bdob\\b",
        "passport|social_?security|\\bssn\\b|tax_?id|national_?id",
        "iban|card_?number|account_?number",
        "\\bip_?addr|device_?id|cookie",
        "(first|last|full|family|given|sur)_?name",
        "(home|street|post(al)?)_?(address|code)|zip_?code|latitude|longitude",
      ],
    }),
    reasons: textByName("Why a field may be used though it is personal, by `<dataset>.<field>`."),
  },
  types: [DATASET_DOCUMENT],
  judge: ({ inputs }, { report, settings: { names, patterns, reasons } }) => {
    const { name = "", datasetAccessPolicy } = inputs as DatasetInputs;
    const forms = patterns.map((pattern) => new RegExp(pattern, "i"));
    const isPersonal = (field: string): boolean =>
      names.some((each) => each.toLowerCase() === field.toLowerCase()) || forms.some((form) => form.test(field));
    const field = (datasetAccessPolicy?.allowedFields ?? []).find(
      (each) => isPersonal(each) && (reasons[`${name}.${each}`] ?? "").trim() === "",
    );
    if (field !== undefined) {
      report(`allows queries to use '${field}', which is personal data, and gives no reason`);
    }
  },
});
