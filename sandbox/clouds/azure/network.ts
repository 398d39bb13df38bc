// Network rules of accounts and vaults. Everything here comes from one machine, which counts as one public address: what
// does not admit it could be read by nobody here, and is refused, not modelled.
import { BlockList, isIP } from "node:net";
import { ServiceError } from "../../http";
import { type Fields, list, object, required, text } from "../protocol";

/** The one address that everything in the sandbox comes from (RFC 5737, for documentation). */
export const SANDBOX_ADDRESS = "203.0.113.10";

const common: Fields = { bypass: text("AzureServices", "None"), defaultAction: required(text("Allow", "Deny")) };

export const accountRules = object({
  ...common,
  ipRules: list(object({ action: text("Allow"), iPAddressOrRange: required(text()) })),
});
export const vaultRules = object({ ...common, ipRules: list(object({ value: required(text()) })) });

interface Rules {
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly iPAddressOrRange?: string; readonly value?: string }[];
}

/** @throws ServiceError 400 for what is no public address or range, 501 where this machine is not admitted */
export function checkNetwork(what: string, rules: unknown, file: string): void {
  const { defaultAction = "Allow", ipRules = [] } = (rules ?? {}) as Rules;
  const admitted = new BlockList();
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
    admitted.addSubnet(address, Number(bits), "ipv4");
  }
  if (defaultAction === "Deny" && !admitted.check(SANDBOX_ADDRESS, "ipv4")) {
    const why = `${what} admits no request from ${SANDBOX_ADDRESS}, the one address that the sandbox has: name it, too (${file}).`;
    throw new ServiceError(501, "NotImplemented", why);
  }
}

/** Azure takes no addresses of private networks (RFC 1918) here. */
function isPrivate(address: string): boolean {
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}
