import { KEY } from "../../resources/azure";
import { DATA_KEY, DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { releasedToThisContractOnly } from "./released-to-this-contract-only";

const [OURS, THEIRS] = ["aa".repeat(32), "bb".repeat(32)];
const ATTEST = "https://attest.example";
const policy = (authority: string, ...hostData: string[]): object => ({
  version: "1.0.0",
  anyOf: hostData.map((equals) => ({ authority, allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals }] })),
});
const key = (releasePolicy: object): { type: string; inputs: object } => ({
  type: KEY,
  inputs: {
    keyName: "kek",
    properties: { releasePolicy: { data: Buffer.from(JSON.stringify(releasePolicy)).toString("base64url") } },
  },
});
const dataKey = { type: DATA_KEY, name: "dek", inputs: { keyName: "kek", releasePolicy: policy(ATTEST, OURS) } };
const document = {
  type: DATASET_DOCUMENT,
  name: "sales-document",
  inputs: { kek: { secretId: "kek", maaUrl: `${ATTEST}/` } },
};

testRule(releasedToThisContractOnly, {
  violations: [
    {
      what: "a branch for another contract's clean room",
      given: [key(policy(ATTEST, OURS, THEIRS)), dataKey],
      says: `Key 'sales' may be released to host data ${THEIRS}, which is not of this contract (${OURS})`,
    },
    {
      what: "host data that is not configured",
      given: key(policy(ATTEST, THEIRS)),
      settings: { hostData: [OURS] },
      says: `Key 'sales' may be released to host data ${THEIRS}, which is not of this contract (${OURS})`,
    },
    {
      what: "another attestation service than the dataset's",
      given: [key(policy("https://other.example", OURS)), dataKey, document],
      says: "Key 'sales' believes https://other.example, but Dataset document 'sales-document' names https://attest.example/",
    },
  ],
  complies: [
    { what: "the same clean rooms as the data key", given: [key(policy(ATTEST, OURS)), dataKey, document] },
    { what: "a key that nothing in the stack uses", given: key(policy(ATTEST, THEIRS)) },
  ],
  unknown: {
    what: "the data key's policy",
    given: [key(policy(ATTEST, OURS)), { ...dataKey, inputs: { keyName: "kek", releasePolicy: UNKNOWN } }],
    path: "releasePolicy of Key 'sales'",
  },
  missing: { what: "a key without a release policy", given: [{ type: KEY, inputs: {} }, dataKey], says: undefined },
});
