// Public keys as a vault answers them.
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from "node:crypto";
import { publicKeyOf } from "./public-key";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" }) as { n?: string; e?: string };
const where = "GET keys/kek";

test("a vault's key wraps what its private half opens", () => {
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const wrapped = publicEncrypt({ key: publicKeyOf(n, e, where), ...oaep }, Buffer.alloc(32, 7));
  expect(privateDecrypt({ key: privateKey, ...oaep }, wrapped)).toEqual(Buffer.alloc(32, 7));
});

test.each([
  ["no modulus", "", e, /none that can encrypt|has 0 bits/],
  ["a modulus that was cut", n.slice(0, 100), e, /has \d+ bits; fewer than 2048/],
  [
    "exponent 1, which hides nothing",
    n,
    "AQ",
    /has the exponent 1; an odd one of at least 65537|none that can encrypt/,
  ],
  ["exponent 3", n, "Aw", /has the exponent 3; an odd one/],
  ["an even exponent", n, "AQAC", /has the exponent 65538; an odd one|none that can encrypt/],
])("fails with %s, and names the request", (_what, modulus, exponent, message) => {
  const attempt = () => publicKeyOf(modulus, exponent, where);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(where);
});
