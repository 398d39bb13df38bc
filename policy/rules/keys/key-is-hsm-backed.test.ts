import { KEY, VAULT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { keyIsHsmBacked } from "./key-is-hsm-backed";

const key = (kty: unknown): { type: string; inputs: object } => ({ type: KEY, inputs: { properties: { kty } } });
const vault = (name: string): { type: string; inputs: object } => ({
  type: VAULT,
  inputs: { properties: { sku: { family: "A", name } } },
});

testRule(keyIsHsmBacked, {
  violations: [
    { what: "a software key", given: key("RSA"), says: "Key 'sales' is a software key (kty 'RSA')" },
    {
      what: "a vault without hardware",
      given: vault("standard"),
      says: "Vault 'sales' is of the tier 'standard', which has no hardware security module",
    },
  ],
  complies: [
    { what: "an RSA-HSM key in a premium vault", given: [key("RSA-HSM"), vault("premium")] },
    { what: "an EC-HSM key", given: key("EC-HSM") },
  ],
  unknown: { what: "a key's type", given: key(UNKNOWN), path: "properties.kty of Key 'sales'" },
  missing: {
    what: "a key without a type",
    given: { type: KEY, inputs: {} },
    says: "Key 'sales' names no key type (kty), so it is a software key",
  },
});
