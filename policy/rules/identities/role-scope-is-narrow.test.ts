import { IDENTITY, ROLE_ASSIGNMENT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { roleScopeIsNarrow } from "./role-scope-is-narrow";

const SUBSCRIPTION = "/subscriptions/c0a70550-0000-4000-8000-0000000000c1";
const GROUP = `${SUBSCRIPTION}/resourceGroups/cleanroom`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/sales`;
const role = (id: string): string => `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const READER = role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
const OFFICER = role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603");
const assignment = (
  scope: unknown,
  roleDefinitionId = READER,
  principalId: unknown = "someone",
): { type: string; inputs: object } => ({
  type: ROLE_ASSIGNMENT,
  inputs: { scope, roleDefinitionId, principalId },
});
const identity = { type: IDENTITY, name: "clean-room", outputs: { principalId: "p-1" } };

testRule(roleScopeIsNarrow, {
  violations: [
    {
      what: "a role on a resource group",
      given: assignment(GROUP),
      says: `Role assignment 'sales' gives 'Storage Blob Data Reader' on ${GROUP}`,
    },
    {
      what: "a role on a storage account",
      given: assignment(`${GROUP}/providers/Microsoft.Storage/storageAccounts/sales`),
      says: `Role assignment 'sales' gives 'Storage Blob Data Reader' on ${GROUP}/providers/Microsoft.Storage/storageAccounts/sales`,
    },
    {
      what: "a role on a vault that is not for whoever deploys",
      given: assignment(VAULT, role("4633458b-17de-408a-b874-0445c86b69e6")),
      says: `Role assignment 'sales' gives 'Key Vault Secrets User' on ${VAULT}`,
    },
    {
      what: "a clean room's identity with a role on a whole vault",
      given: [assignment(VAULT, OFFICER, "p-1"), identity],
      says: "Role assignment 'sales' gives User assigned identity 'clean-room', which a clean room signs in as, a role on a whole vault",
    },
  ],
  complies: [
    {
      what: "roles on a container, a key and a secret",
      given: [
        assignment(`${GROUP}/providers/Microsoft.Storage/storageAccounts/sales/blobServices/default/containers/sales`),
        { ...assignment(`${VAULT}/keys/kek`), name: "key" },
        { ...assignment(`${VAULT}/secrets/wrapped-dek`), name: "secret" },
      ],
    },
    { what: "the deployer's role on a vault", given: [assignment(VAULT, OFFICER), identity] },
  ],
  unknown: { what: "a scope", given: assignment(UNKNOWN), path: "scope of Role assignment 'sales'" },
  missing: {
    what: "an assignment without a scope",
    given: { type: ROLE_ASSIGNMENT, inputs: { roleDefinitionId: READER } },
    says: "Role assignment 'sales' gives 'Storage Blob Data Reader' on no scope",
  },
});
