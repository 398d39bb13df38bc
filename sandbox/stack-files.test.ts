// A collaborator's stack configuration is made of the repository's and of what the collaborator has added.
import { parseDocument } from "yaml";
import { mergeConfig } from "./stack-files";

const merged = (kept: unknown, given: unknown): unknown =>
  mergeConfig(parseDocument(JSON.stringify(kept)), parseDocument(JSON.stringify(given))).toJS();

test("the repository wins for the keys that it has, and the rest stays", () => {
  const kept = { encryptionsalt: "mine", config: { a: "old", "cleanroom:token": { secure: "x" } } };
  expect(merged(kept, { config: { a: "new", b: "more" } })).toEqual({
    encryptionsalt: "mine",
    config: { a: "new", b: "more", "cleanroom:token": { secure: "x" } },
  });
});

test("what the repository's file holds of another passphrase is left out", () => {
  const given = { encryptionsalt: "theirs", secretsprovider: "x", config: { a: "1", b: { secure: "theirs" } } };
  expect(merged({}, given)).toEqual({ config: { a: "1" } });
  expect(merged({ encryptionsalt: "mine", config: { b: { secure: "mine" } } }, given)).toEqual({
    encryptionsalt: "mine",
    config: { a: "1", b: { secure: "mine" } },
  });
});

test("a file without config, or with an empty one, takes nothing away", () => {
  expect(merged({ config: { a: "1" } }, {})).toEqual({ config: { a: "1" } });
  expect(merged({ config: { a: "1" } }, { config: null })).toEqual({ config: { a: "1" } });
});
