// What looks for secrets finds them.
import { hits } from "./canaries";

const secret = "canary/with+more=than 1 kind of\ncharacter";

test.each([
  ["plain", secret],
  ["JSON", JSON.stringify({ a: secret })],
  ["a URL", `?a=${encodeURIComponent(secret)}`],
  ["hexadecimal digits", Buffer.from(secret).toString("hex").toUpperCase()],
  ...["", "x", "xx"].map((before) => [
    `base64 behind '${before}'`,
    Buffer.from(`${before}${secret} and more`).toString("base64"),
  ]),
])("finds one in %s", (_how, text) => {
  expect(hits({ key: secret }, { log: `before ${text} after` })).not.toEqual([]);
});

test("finds the bytes of one that is base64", () => {
  const bytes = Buffer.alloc(32, 0xc3);
  expect(hits({ key: bytes.toString("base64") }, { log: bytes.toString("hex") })).toHaveLength(1);
});

test("finds nothing where nothing is", () => {
  expect(hits({ key: secret }, { log: "canary" })).toEqual([]);
});

test("fails with a canary that could stand anywhere", () => {
  expect(() => hits({ key: "abc" }, {})).toThrow("the canary key is too short");
});
