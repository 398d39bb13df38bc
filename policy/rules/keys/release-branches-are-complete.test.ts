import { KEY } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { releaseBranchesAreComplete } from "./release-branches-are-complete";

const HOST_DATA = "9f".repeat(32);
const claim = (name: string, equals: string): object => ({ claim: `x-ms-${name}`, equals });
const good = [
  claim("sevsnpvm-hostdata", HOST_DATA),
  claim("compliance-status", "azure-compliant-uvm"),
  claim("attestation-type", "sevsnpvm"),
];
const key = (...branches: unknown[]): { type: string; inputs: object } => ({
  type: KEY,
  inputs: {
    properties: { releasePolicy: { data: Buffer.from(JSON.stringify({ anyOf: branches })).toString("base64url") } },
  },
});

testRule(releaseBranchesAreComplete, {
  violations: [
    {
      what: "a branch that names no host data",
      given: key({ allOf: good }, { allOf: good.slice(1) }),
      says: "Key 'sales' has a release policy whose branch anyOf[1] names no host data: x-ms-sevsnpvm-hostdata must equal the 64 digits of one clean room policy",
    },
    {
      what: "a branch that takes any host data",
      given: key({ allOf: [claim("sevsnpvm-hostdata", "*"), ...good.slice(1)] }),
      says: "Key 'sales' has a release policy whose branch anyOf[0] names host data \"*\": x-ms-sevsnpvm-hostdata must equal the 64 digits of one clean room policy",
    },
    {
      what: "a branch without compliance",
      given: key({ allOf: [good[0], good[2]] }),
      says: "Key 'sales' has a release policy whose branch anyOf[0] does not name x-ms-compliance-status: it must equal 'azure-compliant-uvm'",
    },
    {
      what: "a branch for other hardware",
      given: key({ allOf: [good[0], good[1], claim("attestation-type", "sgx")] }),
      says: "Key 'sales' has a release policy whose branch anyOf[0] has x-ms-attestation-type \"sgx\": it must equal 'sevsnpvm'",
    },
    {
      what: "a branch without claims",
      given: key({}),
      says: "Key 'sales' has a release policy whose branch anyOf[0] names no host data: x-ms-sevsnpvm-hostdata must equal the 64 digits of one clean room policy",
    },
  ],
  complies: [{ what: "two whole branches", given: key({ allOf: good }, { allOf: good }) }],
  unknown: {
    what: "a release policy",
    given: { type: KEY, inputs: { properties: { releasePolicy: UNKNOWN } } },
    path: "properties.releasePolicy of Key 'sales'",
  },
  missing: {
    what: "a key without a release policy",
    given: { type: KEY, inputs: { properties: {} } },
    says: undefined,
  },
});
