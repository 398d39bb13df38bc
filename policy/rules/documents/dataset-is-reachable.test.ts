import { FEDERATED_CREDENTIAL, IDENTITY, KEY, ROLE_ASSIGNMENT } from "../../resources/azure";
import { CONTRACT_SECRET, DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { datasetIsReachable } from "./dataset-is-reachable";

const ISSUER = "https://governance.example/app/oidc";
const document = (identity: object = {}, store: object = {}): { type: string; inputs: object } => ({
  type: DATASET_DOCUMENT,
  inputs: {
    store: { storageAccountType: "Azure_BlobStorage", containerName: "sales", ...store },
    identity: { name: "identity-1", clientId: "c-1", issuerUrl: ISSUER, ...identity },
    kek: { secretId: "kek" },
    federatedSubject: "analytics-owner",
  },
});
const identity = {
  type: IDENTITY,
  name: "identity",
  outputs: { name: "identity-1", clientId: "c-1", principalId: "p-1" },
};
const credential = {
  type: FEDERATED_CREDENTIAL,
  name: "credential",
  inputs: { resourceName: "identity-1", issuer: ISSUER, subject: "analytics-owner" },
};
const role = (name: string, scope: string, id: string): { type: string; name: string; inputs: object } => ({
  type: ROLE_ASSIGNMENT,
  name,
  inputs: { scope, principalId: "p-1", roleDefinitionId: `/roleDefinitions/${id}` },
});
const onContainer = role("read", "/…/containers/sales", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
const onKey = role("release", "/…/keys/kek", "08bbd89e-9f13-488c-ac41-acfcb10c90ab");
const key = { type: KEY, name: "key", inputs: { keyName: "kek" } };
const bucketDocument = (awsCgsSecretId: unknown): { type: string; inputs: object } => ({
  type: DATASET_DOCUMENT,
  inputs: { store: { storageAccountType: "Aws_S3", awsCgsSecretId } },
});
const secretOf = (secretId: string): { type: string; name: string; outputs: object } => ({
  type: CONTRACT_SECRET,
  name: "connection",
  outputs: { secretId },
});
const says = (problem: string): string => `Dataset document 'sales' ${problem}`;

testRule(datasetIsReachable, {
  violations: [
    {
      what: "an identity without federation",
      given: [document(), identity, onContainer],
      says: says("names identity 'identity-1', which has no federated credential: the clean room can't sign in"),
    },
    {
      what: "a federation for another subject",
      given: [document(), identity, { ...credential, inputs: { ...credential.inputs, subject: "analytics-other" } }],
      says: says("names identity 'identity-1', whose federated credential has another issuer or subject"),
    },
    {
      what: "an identity without a role on the container",
      given: [
        document(),
        identity,
        credential,
        { ...onContainer, inputs: { ...onContainer.inputs, scope: "/…/containers/other" } },
      ],
      says: says("names container 'sales', on which its identity has no role"),
    },
    {
      what: "a key that the identity may not have released",
      given: [document(), identity, credential, onContainer, key],
      says: says("names the key 'kek', which its identity may not have released"),
    },
    {
      what: "another identity's client id",
      given: [document({ clientId: "c-2" }), identity],
      says: says("names identity 'identity-1' with the client id c-2, which is another one's"),
    },
    {
      what: "a bucket whose connection is another's",
      given: [bucketDocument("other_connection"), secretOf("owner_connection")],
      says: says("names the governance secret 'other_connection', which is none of this stack's"),
    },
  ],
  complies: [
    { what: "parts that fit", given: [document(), identity, credential, onContainer, onKey, key] },
    {
      what: "a workspace of OneLake, whose rights Fabric knows",
      given: [document({}, { storageAccountType: "Azure_OneLake" }), identity, credential, onKey, key],
    },
    { what: "an identity that is not of this stack", given: document() },
    { what: "a bucket with its connection", given: [bucketDocument("owner_connection"), secretOf("owner_connection")] },
  ],
  unknown: {
    what: "an identity",
    given: [document({ clientId: UNKNOWN }), identity],
    path: "identity.clientId of Dataset document 'sales'",
  },
  missing: {
    what: "a dataset without a container",
    given: { type: DATASET_DOCUMENT },
    says: says("names no container"),
  },
});
