// What a release policy means, and how it changes.
import fc from "fast-check";
import type { ReleasePolicy } from "../../contract";
import { HOST_DATA, releaseChange, releasePolicyProblems, releaseSentences } from "./release-policy";

const authority = "https://attest.example";
const [OLD, NEW] = ["0d".repeat(32), "4e".repeat(32)];

const branch = (hostData: string, change: object = {}): ReleasePolicy["anyOf"][number] => ({
  authority,
  allOf: [
    { claim: HOST_DATA, equals: hostData },
    { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
  ],
  ...change,
});
const policy = (...anyOf: readonly ReleasePolicy["anyOf"][number][]): ReleasePolicy => ({ version: "1.0.0", anyOf });
const sentences = (before: ReleasePolicy | undefined, now: ReleasePolicy): readonly string[] =>
  releaseSentences("sales-kek", releaseChange(before, now));

test("a clean room that is added may have the key from now on, and one that is left out may not any longer", () => {
  expect(sentences(policy(branch(OLD)), policy(branch(OLD), branch(NEW)))).toEqual([
    "Clean room 4e4e4e4e4e4e… may release key 'sales-kek' from now on.",
  ]);
  expect(sentences(policy(branch(OLD), branch(NEW)), policy(branch(NEW)))).toEqual([
    "Clean room 0d0d0d0d0d0d… may not release key 'sales-kek' any longer.",
  ]);
  expect(sentences(undefined, policy(branch(NEW)))).toEqual([
    "Clean room 4e4e4e4e4e4e… may release key 'sales-kek' from now on.",
  ]);
});

test("other conditions for the same clean room are told by claim", () => {
  const weaker = branch(NEW, { authority: "https://other.example", allOf: [{ claim: HOST_DATA, equals: NEW }] });
  expect(sentences(policy(branch(NEW)), policy(weaker))).toEqual([
    "Clean room 4e4e4e4e4e4e… may release key 'sales-kek' under other conditions: " +
      "authority is https://other.example, was https://attest.example; x-ms-compliance-status is not asked for, was azure-compliant-uvm.",
  ]);
});

test("a branch without host data is called what it is", () => {
  const anything = branch(NEW, { allOf: [{ claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" }] });
  expect(sentences(policy(branch(NEW)), policy(branch(NEW), anything))).toEqual([
    "Whatever https://attest.example attests, with any host data, may release key 'sales-kek' from now on.",
  ]);
});

test("what would be invisible in a sentence is spelled out", () => {
  expect(sentences(undefined, policy(branch("ab\u202Ecd")))).toEqual([
    "Clean room ab\\u{202e}cd may release key 'sales-kek' from now on.",
  ]);
});

test("the order of branches and claims is no change", () => {
  const claims = fc.uniqueArray(fc.record({ claim: fc.string(), equals: fc.string() }), {
    selector: ({ claim }) => claim,
    minLength: 1,
  });
  const branches = fc.uniqueArray(fc.record({ authority: fc.webUrl(), allOf: claims }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(branches, (anyOf) => {
      const turned = [...anyOf].reverse().map((each) => ({ ...each, allOf: [...each.allOf].reverse() }));
      expect(releaseChange(policy(...anyOf), policy(...turned))).toEqual({ admitted: [], dropped: [], changed: [] });
    }),
  );
});

test.each([
  ["without a branch", policy(), "releasePolicy has no branch (anyOf)"],
  ["of no authority", policy(branch(NEW, { authority: "" })), "releasePolicy has a branch without authority"],
  [
    "of no claims",
    policy(branch(NEW, { allOf: [] })),
    "or without claims, so that anybody's word would release the key",
  ],
])("fails with a policy %s", (_what, given, problem) => {
  expect(releasePolicyProblems(given).join()).toContain(problem);
  expect(releasePolicyProblems(policy(branch(NEW)))).toEqual([]);
});
