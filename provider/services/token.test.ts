// What is read from a token, and what is said of one that can't be used; its text is never shown.
import { azureToken, callerOf, fixedToken, type AccessToken } from "./token";

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

describe("a token of Azure's credentials", () => {
  let asked: number;
  let life: number;
  beforeEach(() => ([asked, life] = [0, 3_600_000]));
  const source = (): ReturnType<typeof azureToken> =>
    azureToken("scope", () =>
      Promise.resolve({
        getToken: (): Promise<AccessToken> =>
          Promise.resolve({ token: `token-${(asked += 1)}`, expiresOnTimestamp: Date.now() + life }),
      }),
    );

  test("is asked for once by all who need it, and kept", async () => {
    const token = source();
    expect(await Promise.all([token(false), token(false), token(false)])).toEqual(Array(3).fill("token-1"));
    expect(await token(false)).toBe("token-1");
    expect(asked).toBe(1);
  });

  test("is asked for again before it ends, once by all", async () => {
    const token = source();
    life = 60_000;
    expect(await token(false)).toBe("token-1");
    life = 3_600_000;
    expect(await Promise.all([token(false), token(false)])).toEqual(["token-2", "token-2"]);
    expect(await token(false)).toBe("token-2");
  });

  test("is another one when a fresh one is asked for, for those who come later, too", async () => {
    const token = source();
    await token(false);
    expect(await token(true)).toBe("token-2");
    expect(await token(false)).toBe("token-2");
  });

  test("fails with what each credential said in a line, and can be asked for again", async () => {
    let there = false;
    const token = azureToken("scope", () =>
      Promise.resolve({
        getToken: () =>
          there
            ? Promise.resolve({ token: "good", expiresOnTimestamp: Date.now() + life })
            : Promise.reject(new Error("CredentialUnavailable: none\nAzure CLI: not signed in")),
      }),
    );
    await expect(token(false)).rejects.toThrow(
      "No token for scope: none of Azure's credentials on this machine gave one (CredentialUnavailable: none). Sign in (`az login`)",
    );
    there = true;
    expect(await token(false)).toBe("good");
  });

  test("fails when no credential gives one", async () => {
    const token = azureToken("scope", () => Promise.resolve({ getToken: () => Promise.resolve(null) }));
    await expect(token(false)).rejects.toThrow(
      "No token for scope: sign in (`az login`), or give the pipeline an identity.",
    );
  });
});
