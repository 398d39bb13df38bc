// Network rules, asked by every data plane. Everything in the sandbox comes from one machine, which counts as one public
// address: what does not let it in lets in nobody here, the clean room included.
import { BlockList } from "node:net";
import type { NetworkFacts } from "../clouds";

/** The one address that everything in the sandbox comes from (RFC 5737, for documentation). */
export const SANDBOX_ADDRESS = "203.0.113.10";

/** Left out: every address is let in. This machine stands in the network of every private endpoint. */
export function admits(network: NetworkFacts | undefined, address: string): boolean {
  if (network === undefined || network.defaultAction === "Allow" || network.privately === true) return true;
  const admitted = new BlockList();
  for (const range of network.ranges) {
    const [subnet = "", bits = "32"] = range.split("/");
    admitted.addSubnet(subnet, Number(bits), "ipv4");
  }
  return admitted.check(address, "ipv4");
}
