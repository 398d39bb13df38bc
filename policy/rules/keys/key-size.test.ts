import { KEY } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { keySize } from "./key-size";

const key = (properties: object): { type: string; inputs: object } => ({ type: KEY, inputs: { properties } });

testRule(keySize, {
  violations: [
    {
      what: "a small key",
      given: key({ kty: "RSA-HSM", keySize: 1024 }),
      says: "Key 'sales' has 1024 bits, and must have 2048 or more",
    },
    {
      what: "a key that is smaller than configured",
      given: key({ kty: "RSA-HSM", keySize: 3072 }),
      settings: { minimum: 4096 },
      says: "Key 'sales' has 3072 bits, and must have 4096 or more",
    },
  ],
  complies: [
    { what: "a key of 3072 bits", given: key({ kty: "RSA-HSM", keySize: 3072 }) },
    { what: "a key on a curve", given: key({ kty: "EC-HSM" }) },
  ],
  unknown: {
    what: "a key's size",
    given: key({ kty: "RSA", keySize: UNKNOWN }),
    path: "properties.keySize of Key 'sales'",
  },
  missing: {
    what: "a key without a size",
    given: key({ kty: "RSA-HSM" }),
    says: "Key 'sales' does not say its size, and must have 2048 bits or more",
  },
});
