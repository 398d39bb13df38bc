// Keys are as large as their life asks for.
import { cleanRoom, defineRule, integer, mcsb } from "../../framework";
import { KEY, type KeyInputs } from "../../resources/azure";

export const keySize = defineRule({
  code: "key-size",
  group: "keys",
  title: "RSA keys are large enough.",
  risk: "A small key that wraps data for years can be broken within them.",
  remedy: "Set keySize to at least the size that is configured.",
  references: [mcsb("DP-6"), cleanRoom("RSA-OAEP-256 wraps the DEK")],
  settings: { minimum: integer("Bits of an RSA key, at least.", 2048, { default: 2048, strict: 3072 }) },
  types: [KEY],
  judge: ({ inputs }, { report, settings: { minimum } }) => {
    const { kty = "RSA", keySize: size } = (inputs as KeyInputs).properties ?? {};
    if (!kty.toUpperCase().startsWith("RSA")) {
      return;
    }
    if (size === undefined) {
      report(`does not say its size, and must have ${minimum} bits or more`);
    } else if (size < minimum) {
      report(`has ${size} bits, and must have ${minimum} or more`);
    }
  },
});
