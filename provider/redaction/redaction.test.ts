// A secret is found in what a service says, whatever it does to it; and ordinary words are left alone.
import fc from "fast-check";
import { hideNamed } from "./by-key";
import { hideKnown, knowSecret, quotable } from "./index";

const RUNS = { numRuns: 1_000 };
const LONG = 10_000;

/** What services do to what they echo. */
const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "in JSON": (secret) => JSON.stringify({ value: secret }),
  "in JSON in JSON": (secret) => JSON.stringify(JSON.stringify({ value: secret })),
  "in JSON that escapes all it can": (secret) =>
    [...secret].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "in base64 behind one byte": (secret) => Buffer.from(`x${secret}y`).toString("base64"),
  "in base64 behind two bytes": (secret) => Buffer.from(`xx${secret}y`).toString("base64"),
  "in base64url": (secret) => Buffer.from(secret).toString("base64url"),
  "in hexadecimal digits": (secret) => Buffer.from(secret).toString("hex"),
  "in capital hexadecimal digits": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "in a URL": (secret) => encodeURIComponent(secret),
  "in a form": (secret) => new URLSearchParams({ secret }).toString(),
  "in HTML": (secret) => [...secret].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join(""),
  "cut short": (secret) => secret.slice(0, 14),
};

const secretText = fc
  .string({ unit: "grapheme-ascii", minLength: 14, maxLength: 60 })
  .filter((text) => text.trim().length >= 14);

describe("a known secret", () => {
  test.each(Object.entries(ENCODINGS))("is hidden %s", (_how, encode) => {
    fc.assert(
      fc.property(secretText, (secret) => {
        knowSecret(secret);
        const shown = hideKnown(`the service said: ${encode(secret)} and no more`);
        expect(shown).toContain("[hidden]");
        expect(shown).not.toContain(encode(secret).slice(2, -2));
      }),
      { numRuns: 50 },
    );
  });

  test("is hidden as the text that it is base64 of", () => {
    knowSecret(
      Buffer.from('{"awsAccessKeyId":"AKIA-canary-1","awsSecretAccessKey":"canary/of+the=key"}').toString("base64"),
    );
    expect(hideKnown("the key canary/of+the=key is wrong")).toBe("the key [hidden] is wrong");
    expect(hideKnown(`of ${encodeURIComponent("canary/of+the=key")}`)).toBe("of [hidden]");
  });

  test("is hidden by its bytes where they are no text", () => {
    const bytes = Buffer.alloc(32, 0xc3);
    knowSecret(bytes.toString("base64"));
    expect(hideKnown(`0x${bytes.toString("hex")}`)).toBe("0x[hidden]");
  });

  test("is hidden line by line, and a token's signature alone", () => {
    knowSecret("-----BEGIN KEY-----\nfirst-line-of-the-canary\nsecond-line-of-the-canary\n-----END KEY-----");
    knowSecret("e30.e30.signature-of-the-canary");
    expect(hideKnown("line 2: second-line-of-the-canary; signature-of-the-canary")).toBe("line 2: [hidden]; [hidden]");
  });

  test("is not found in ordinary words, however short it is", () => {
    knowSecret("deleted");
    expect(hideKnown("it was deleted")).toBe("it was deleted");
  });

  test("leaves every text without it as it was", () => {
    knowSecret("a-canary-that-is-nowhere");
    fc.assert(
      fc.property(fc.string(), (text) => expect(hideKnown(text)).toBe(text)),
      RUNS,
    );
  });
});

describe("a value that a service calls secret", () => {
  test.each([
    ['{"token":"abc","id":"x"}', '{"token":"[hidden]","id":"x"}'],
    ['{"access_token": "abc", "id": 1}', '{"access_token": "[hidden]", "id": 1}'],
    ['{"password":12345}', '{"password":"[hidden]"}'],
    ['{"awsSecretAccessKey":"a\\"b","x":1}', '{"awsSecretAccessKey":"[hidden]","x":1}'],
    ['said {\\"clientSecret\\":\\"abc\\",\\"a\\":1}', 'said {\\"clientSecret\\":\\"[hidden]\\",\\"a\\":1}'],
    ['{"token":"cut sho', '{"token":"[hidden]"'],
    ["{'apiKey': 'abc'}", "{'apiKey': '[hidden]'}"],
    ["Authorization: Bearer abcdefghijklmnop", "Authorization: [hidden]"],
    ["sent Bearer abcd1234.efgh5678", "sent Bearer [hidden]"],
    ["x-api-key: 0123456789abcdef", "x-api-key: [hidden]"],
    ["GET /blob?sv=1&sig=abc%3D&se=2", "GET /blob?sv=1&sig=[hidden]&se=2"],
    ["AccountName=x;AccountKey=abc==;", "AccountName=x;AccountKey=[hidden];"],
    ["token eyJhbGciOi.eyJvaWQiOi.c2lnbmF0 expired", "token [hidden] expired"],
    ["proxy http://user:pass@proxy:3128 said no", "proxy http://[hidden]@proxy:3128 said no"],
    ["a -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- b", "a [hidden] b"],
  ])("is hidden: %s", (words, shown) => {
    expect(hideNamed(words)).toBe(shown);
  });

  test.each([
    "The token: it has expired. Sign in again.",
    '{"secretId":"x_connection","keyName":"kek","tokenIssuer":"https://issuer.example/","keyVaultUrl":"https://v/"}',
    "SecretNotFound: A secret with (name/id) dek was not found in this key vault.",
    "InvalidAuthenticationToken: The access token is invalid.",
    "Bearer token is missing",
    "CREATE VIEW key AS SELECT token, secret FROM passwords WHERE key > 5",
  ])("leaves words that only speak of secrets: %s", (words) => {
    expect(hideNamed(words)).toBe(words);
  });

  test("is looked for in a time that does not grow with what is said", () => {
    const before = performance.now();
    for (const part of ["a.", "eyJ-", '"token":', "\\", "http://", "token=", "-----BEGIN PRIVATE KEY-----"]) {
      quotable(part.repeat(100_000), LONG);
    }
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

test("quotes with a bounded length, and hides before it shortens", () => {
  knowSecret("the-canary-at-the-border");
  expect(quotable(`${"x".repeat(95)}the-canary-at-the-border${"y".repeat(50)}`, 100)).toMatch(
    /^x{95}\[hidd… \(169 characters\)$/,
  );
});
