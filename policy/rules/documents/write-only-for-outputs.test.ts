import { USER_POLICY } from "../../resources/aws";
import { IDENTITY, ROLE_ASSIGNMENT } from "../../resources/azure";
import { DATASET_DOCUMENT, QUERY_DRAFT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { writeOnlyForOutputs } from "./write-only-for-outputs";

const document = (accessMode: unknown): { type: string; inputs: object; outputs: object } => ({
  type: DATASET_DOCUMENT,
  inputs: { datasetAccessPolicy: { accessMode }, store: { containerName: "sales" }, identity: { clientId: "c-1" } },
  outputs: { documentId: "sales-1" },
});
const draft = { type: QUERY_DRAFT, name: "query", inputs: { inputs: [{ documentId: "sales-1", view: "sales" }] } };
const identity = { type: IDENTITY, name: "identity", outputs: { clientId: "c-1", principalId: "p-1" } };
const role = (id: string): { type: string; name: string; inputs: object } => ({
  type: ROLE_ASSIGNMENT,
  name: "role",
  inputs: { scope: "/…/containers/sales", principalId: "p-1", roleDefinitionId: `/roleDefinitions/${id}` },
});
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const policy = (...Action: string[]): { type: string; name: string; inputs: object } => ({
  type: USER_POLICY,
  name: "policy",
  inputs: {
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "arn:aws:s3:::sales/sales/*" }] }),
  },
});

testRule(writeOnlyForOutputs, {
  violations: [
    {
      what: "write access to what a query reads",
      given: [document("write"), draft],
      says: "Dataset document 'sales' has the accessMode write, and Query draft 'query' reads it",
    },
    {
      what: "a role that writes what is to be read",
      given: [document("read"), identity, role(CONTRIBUTOR)],
      says: "Dataset document 'sales' has the accessMode read, but Role assignment 'role' lets it be written",
    },
    {
      what: "a policy that writes what is to be read",
      given: [document("read"), policy("s3:GetObject", "s3:PutObject")],
      says: "Dataset document 'sales' has the accessMode read, but User policy 'policy' lets it be written",
    },
  ],
  complies: [
    {
      what: "read access to what a query reads",
      given: [document("read"), draft, identity, role(READER), policy("s3:GetObject")],
    },
    { what: "write access to what no query reads", given: [document("write"), identity, role(CONTRIBUTOR)] },
  ],
  unknown: {
    what: "who has a role",
    given: [document("read"), { ...identity, outputs: { clientId: UNKNOWN } }],
    path: "clientId of Dataset document 'sales'",
  },
  missing: {
    what: "a dataset without an access mode",
    given: { type: DATASET_DOCUMENT },
    says: "Dataset document 'sales' does not say its accessMode",
  },
});
