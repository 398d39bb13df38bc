// How the providers that are made from Terraform's refuse inputs that do not fit (tfbridge's check failures). Their check of
// types only warns, unless PULUMI_ERROR_TYPE_CHECKER is set; what Terraform's own provider says then names its internal
// names, so here it is the check's words.
import type { Place, Wording } from "./check";

const examine = (reason: string, { name, path }: Place): string => `${reason}. Examine values at '${name}.${path}'.`;

export const bridged: Wording = {
  missing: ({ path }) => `Missing required property '${path}'`,
  unknown: (place, similar) =>
    examine(`Invalid or unknown key${similar === undefined ? "" : `, did you mean '${similar}'?`}`, place),
  wrongType: (place, expected, got, shown) =>
    examine(`expected ${expected} type, got ${shown} of type ${got === "boolean" ? "bool" : got}`, place),
  notAmong: (place, values, shown) =>
    examine(`expected ${place.path} to be one of ${JSON.stringify(values)}, got ${shown}`, place),
};
