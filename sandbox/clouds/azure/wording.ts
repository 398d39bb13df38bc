// How azure-native refuses inputs that do not fit (its validation of a PUT's parameters, in provider.go of its sources). It
// leaves out what it does not know without a word, and passes values of enumerations on to Azure: both would be found
// late, so here they are refused, and it is said that the provider itself would not have.
import type { Wording } from "../definitions/check";

export const wording: Wording = {
  missing: ({ path }) =>
    path === "location"
      ? `missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.`
      : `missing required property '${path}'`,
  unknown: ({ path, definition: { token, version } }, similar) =>
    `'${path}' is no property of ${token} (azure-native ${version}), which would leave it out without a word.${similar === undefined ? "" : ` Did you mean '${similar}'?`}`,
  wrongType: ({ path }, expected, got) =>
    `'${path}' should be of type '${expected}' but got ${got === "array" || got === "object" ? "an" : "a"} ${got}`,
  notAmong: ({ path, definition: { version } }, values, shown) =>
    `'${path}' is ${shown}, which Azure does not take; azure-native ${version} knows: ${values.join(", ")}`,
};
