// What is read from a token, and what is said of one that can't be used; its text is never shown.
import { callerOf, fixedToken } from "./token";

const SECRET = "c2lnbmF0dXJl-very-secret";
const token = (claims: unknown): string =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), SECRET].join(".");
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

test("says who bears a token", () => {
  expect(callerOf(token({ oid: "user", tid: "tenant", upn: "x@y" }), "cleanroom")).toEqual({
    oid: "user",
    tid: "tenant",
    type: "User",
  });
});

test("hands out a token that is good, with or without an end", async () => {
  for (const good of [token({ exp: inSeconds(60) }), token({})]) {
    await expect(fixedToken(good, "cleanroom")(false)).resolves.toBe(good);
  }
});

test("fails with an expired token before it is sent, and says since when", async () => {
  const expired = fixedToken(token({ exp: 1_767_225_600 }), "partners")(false);
  await expect(expired).rejects.toThrow(
    "The token expired at 2026-01-01T00:00:00.000Z. Set a new one in partners:token or CLEANROOM_TOKEN, or leave both out to sign in with Azure's own credentials.",
  );
});

test.each([
  ["garbage", SECRET],
  ["three parts of garbage", `${SECRET}.${SECRET}.${SECRET}`],
  ["JSON that is no object", `e30.${Buffer.from("7").toString("base64url")}.${SECRET}`],
  ["nothing in the middle", `e30..${SECRET}`],
])("fails with %s, without showing it", async (_what, text) => {
  const said = `The token (${text.length} characters) is no JSON web token. Check cleanroom:token or CLEANROOM_TOKEN.`;
  expect(() => callerOf(text, "cleanroom")).toThrow(said);
  await expect((async () => fixedToken(text, "cleanroom")(false))()).rejects.toThrow(said);
});

test.each([
  ["no object id", { tid: "tenant" }],
  ["no tenant", { oid: "user" }],
  ["an object id that is no text", { oid: 7, tid: "tenant" }],
])("fails with a token that has %s", (_what, claims) => {
  expect(() => callerOf(token(claims), "cleanroom")).toThrow(
    "The token names no user (its claims `oid` and `tid` are missing)",
  );
});
