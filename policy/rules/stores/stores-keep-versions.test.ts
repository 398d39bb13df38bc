import { BUCKET_VERSIONINGS, BUCKETS } from "../../resources/aws";
import { BLOB_SERVICE, STORAGE_ACCOUNT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { storesKeepVersions } from "./stores-keep-versions";

const account = { type: STORAGE_ACCOUNT, inputs: { accountName: "sales1" } };
const service = (
  isVersioningEnabled: unknown,
  accountName = "sales1",
): { type: string; name: string; inputs: object } => ({
  type: BLOB_SERVICE,
  name: "service",
  inputs: { accountName, isVersioningEnabled },
});
const bucket = (inputs: object = {}): { type: string; inputs: object } => ({
  type: BUCKETS[0],
  inputs: { bucket: "members", ...inputs },
});
const versions = (status: unknown): { type: string; name: string; inputs: object } => ({
  type: BUCKET_VERSIONINGS[0],
  name: "versions",
  inputs: { bucket: "members", versioningConfiguration: { status } },
});

testRule(storesKeepVersions, {
  violations: [
    {
      what: "an account without it",
      given: account,
      says: "Storage account 'sales' keeps no earlier versions of blobs",
    },
    {
      what: "an account whose service turns it off",
      given: [account, service(false)],
      says: "Storage account 'sales' keeps no earlier versions of blobs",
    },
    {
      what: "an account beside another that has it",
      given: [account, service(true, "other")],
      says: "Storage account 'sales' keeps no earlier versions of blobs",
    },
    { what: "a bucket without it", given: bucket(), says: "Bucket 'sales' keeps no earlier versions of objects" },
    {
      what: "a bucket that suspends it",
      given: [bucket(), versions("Suspended")],
      says: "Bucket 'sales' keeps no earlier versions of objects",
    },
  ],
  complies: [
    { what: "an account that has it", given: [account, service(true)] },
    { what: "a bucket that has it", given: [bucket(), versions("Enabled")] },
    { what: "a bucket that has it among its own properties", given: bucket({ versioning: { enabled: true } }) },
  ],
  unknown: {
    what: "a setting",
    given: [bucket(), versions(UNKNOWN)],
    path: "versioningConfiguration.status of Bucket 'sales'",
  },
  missing: {
    what: "a setting that says nothing",
    given: [bucket(), { type: BUCKET_VERSIONINGS[0], name: "versions", inputs: { bucket: "members" } }],
    says: "Bucket 'sales' keeps no earlier versions of objects",
  },
});
