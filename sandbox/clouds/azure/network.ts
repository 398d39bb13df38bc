// Network rules of accounts and vaults, taken as Azure takes them: who is let in is asked by the data planes.
import { isIP } from "node:net";
import { ServiceError } from "../../http";
import { type Fields, list, object, text, typed } from "../protocol";

const common: Fields = { bypass: text("AzureServices", "None"), defaultAction: text("Allow", "Deny") };

export const accountRules = object({
  ...common,
  ipRules: list(object({ action: text("Allow"), iPAddressOrRange: typed })),
});
export const vaultRules = object({ ...common, ipRules: list(object({ value: typed })) });

interface Rules {
  readonly ipRules?: readonly { readonly iPAddressOrRange?: string; readonly value?: string }[];
}

/** @throws ServiceError 400 for what is no public address or range */
export function checkNetwork(what: string, rules: unknown): void {
  const { ipRules = [] } = (rules ?? {}) as Rules;
  for (const rule of ipRules) {
    const range = rule.iPAddressOrRange ?? rule.value ?? "";
    const [address = "", bits = "32"] = range.split("/");
    if (isIP(address) !== 4 || !/^\d{1,2}$/.test(bits) || Number(bits) > 32 || isPrivate(address)) {
      throw new ServiceError(
        400,
        "InvalidValuesForRequestParameters",
        `${what}: ${JSON.stringify(range)} is no public IPv4 address or range.`,
      );
    }
  }
}

/** Azure takes no addresses of private networks (RFC 1918) here. */
function isPrivate(address: string): boolean {
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}
