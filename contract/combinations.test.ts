// What the table of combinations says, seen from the provider: each pair that is impossible is refused in preview, with
// the table's reason, and nothing else is.
import { datasetProblems } from "../provider/model/validate";
import { datasetOf } from "../test/helpers/combinations";
import { COMBINATIONS, refusal, type Combination } from "./combinations";

const title = ({ store, mode, key, access }: Combination): string => `${store}, ${mode}, key in ${key}, ${access}`;
const allowed = COMBINATIONS.filter((each) => refusal(each) === undefined);
const impossible = COMBINATIONS.filter((each) => refusal(each) !== undefined);

test("there is a verdict on every combination of 4 stores, 3 modes, 4 places of a key and 2 accesses", () => {
  expect([COMBINATIONS.length, new Set(COMBINATIONS.map(title)).size]).toEqual([96, 96]);
  expect(allowed.map(({ access, ...rest }) => (access === "read" ? Object.values(rest).join(" ") : ""))).toEqual(
    [
      "Azure_BlobStorage CSE keyVault",
      "Azure_BlobStorage CSE managedHsm",
      "Azure_BlobStorage CPK keyVault",
      "Azure_BlobStorage CPK managedHsm",
      "Azure_BlobStorage SSE none",
      "Azure_BlobStorage_DataLakeGen2 CSE keyVault",
      "Azure_BlobStorage_DataLakeGen2 CSE managedHsm",
      "Azure_BlobStorage_DataLakeGen2 CPK keyVault",
      "Azure_BlobStorage_DataLakeGen2 CPK managedHsm",
      "Azure_BlobStorage_DataLakeGen2 SSE none",
      "Azure_OneLake CSE keyVault",
      "Azure_OneLake CSE managedHsm",
      "Azure_OneLake SSE none",
      "Aws_S3 CSE governance",
      "Aws_S3 SSE none",
    ].flatMap((each) => [each, ""]),
  );
});

test.each(allowed.map((each) => [title(each), each] as const))("%s passes", (_title, each) => {
  expect(datasetProblems(datasetOf(each))).toEqual([]);
});

test.each(impossible.map((each) => [title(each), each] as const))("fails with %s, and says why", (_title, each) => {
  const problems = datasetProblems(datasetOf(each));
  expect(problems).toHaveLength(1);
  // Keys that are missing or too many are named one by one.
  const named = /^(dek is missing|dek and kek are given, but)/.test(problems[0] ?? "");
  expect(named || (problems[0] ?? "").includes(refusal(each)?.reason ?? "-")).toBe(true);
});
