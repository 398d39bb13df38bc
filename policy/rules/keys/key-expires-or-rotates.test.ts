import { KEY } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { keyExpiresOrRotates } from "./key-expires-or-rotates";

const key = (properties: object): { type: string; inputs: object } => ({ type: KEY, inputs: { properties } });
const policy = (expiryTime: unknown, ...types: string[]): object => ({
  rotationPolicy: { attributes: { expiryTime }, lifetimeActions: types.map((type) => ({ action: { type } })) },
});

testRule(keyExpiresOrRotates, {
  violations: [
    {
      what: "a key for ever",
      given: key({ kty: "RSA-HSM" }),
      says: "Key 'sales' neither expires nor has a rotation policy",
    },
    {
      what: "a key that expires too late",
      given: key({ attributes: { expires: Date.UTC(2036, 0, 1) / 1000 } }),
      says: "Key 'sales' expires on 2036-01-01, more than 1096 days from now",
    },
    {
      what: "a rotation policy that does nothing",
      given: key(policy("P2Y")),
      says: "Key 'sales' has a rotation policy that does not rotate, and itself never expires",
    },
    {
      what: "a rotation policy that gives notice alone",
      given: key(policy("P2Y", "notify")),
      says: "Key 'sales' has a rotation policy that does not rotate, and itself never expires",
    },
    {
      what: "a rotation policy of no period",
      given: key(policy("soon", "rotate")),
      says: "Key 'sales' has a rotation policy whose expiryTime is 'soon', which is no period such as P2Y",
    },
    {
      what: "a rotation policy of too long a period",
      given: key(policy("P10Y", "rotate")),
      says: "Key 'sales' has a rotation policy with the expiryTime P10Y, more than 1096 days",
    },
  ],
  complies: [
    { what: "a key that expires", given: key({ attributes: { expires: Date.UTC(2027, 0, 1) / 1000 } }) },
    {
      what: "notice of a key's own last day",
      given: key({ attributes: { expires: Date.UTC(2027, 0, 1) / 1000 }, ...policy("P2Y", "notify") }),
    },
    { what: "a rotation policy that renews", given: key(policy("P18M", "rotate")) },
  ],
  unknown: {
    what: "a day",
    given: key({ attributes: { expires: UNKNOWN } }),
    path: "properties.attributes.expires of Key 'sales'",
  },
  missing: {
    what: "a key that says nothing",
    given: { type: KEY, inputs: {} },
    says: "Key 'sales' neither expires nor has a rotation policy",
  },
});
