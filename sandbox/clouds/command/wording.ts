// How the command provider refuses inputs that do not fit: as Pulumi's mapper does, from the type of its own inputs.
import type { Kind, Place, Wording } from "../definitions/check";

const goTypes: Readonly<Record<Kind, string>> = {
  string: "string",
  number: "float64",
  boolean: "bool",
  array: "[]interface {}",
  object: "map[string]interface {}",
};

const typeOf = ({ definition }: Place): string => {
  const [, module = "", name = ""] = definition.token.split(":");
  return `${module}.${name}Inputs`;
};

export const wording: Wording = {
  missing: (place) => `Missing required field '${place.path}' on '${typeOf(place)}'`,
  unknown: (place, similar) =>
    `Unrecognized field '${place.path}' on '${typeOf(place)}'${similar === undefined ? "" : `; did you mean '${similar}'?`}`,
  wrongType: (place, expected, got) =>
    `Field '${place.path}' on '${typeOf(place)}' must be a '${goTypes[expected]}'; got '${goTypes[got]}' instead`,
  notAmong: (place, values, shown) =>
    `Field '${place.path}' on '${typeOf(place)}' must be one of ${values.join(", ")}; got ${shown} instead`,
};
