// Codes out of the shapes in which the clouds' clients throw what a service refuses.
import { codeOf, words } from "./codes";
import { releaseRemedies } from "./remedies";
import { Steps } from "./steps";

const ofVault = (code: string) =>
  Object.assign(new Error("User is not authorized"), {
    name: "RestError",
    code: "Forbidden",
    details: { error: { code: "Forbidden", innerError: { code } } },
  });

test.each([
  ["Entra", new Error("AADSTS700213: no credential"), "AADSTS700213"],
  ["Key Vault", ofVault("ForbiddenByRbac"), "ForbiddenByRbac"],
  ["a Managed HSM", ofVault("AccessForbidden"), "AccessForbidden"],
  ["a vault without such a key", Object.assign(new Error("no key"), { code: "KeyNotFound" }), "KeyNotFound"],
  [
    "storage",
    Object.assign(new Error("no"), { details: { errorCode: "AuthorizationFailure" } }),
    "AuthorizationFailure",
  ],
  ["S3", Object.assign(new Error("no"), { name: "NoSuchBucket" }), "NoSuchBucket"],
  [
    "a bucket's own policy",
    Object.assign(new Error("with an explicit deny in a resource-based policy"), { name: "AccessDenied" }),
    "DeniedByBucket",
  ],
  ["nobody", new Error("a plain failure"), undefined],
])("the code of what %s refuses is found", (_who, error, code) => {
  expect(codeOf(error)).toBe(code);
});

test("what is said is one line, or the code where nothing is said", () => {
  expect(words(new Error("first\nsecond"))).toBe("first");
  expect(words(Object.assign(new Error("UnknownError"), { name: "NotFound" }))).toBe("NotFound");
});

test("fails, where a Managed HSM lets nobody have the key, with the local role that is missing", async () => {
  const place = { vault: "https://h.example", key: "kek", identity: "reader", hostData: "ab", authority: "https://a" };
  const steps = new Steps();
  const refused = (): never => {
    throw ofVault("AccessForbidden");
  };
  await expect(steps.run("key release", releaseRemedies(place), refused)).rejects.toThrow("key release: User is not");
  expect(steps.protocol).toEqual([
    {
      name: "key release",
      ok: false,
      detail: "User is not authorized",
      remedy:
        "give reader the HSM's local role Managed HSM Crypto Service Release User on the key kek: ReleaseKey does, with the arguments `hsmUrl` and `principalId`",
    },
  ]);
});
