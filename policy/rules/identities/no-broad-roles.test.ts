import { ROLE_ASSIGNMENT, ROLE_DEFINITION } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noBroadRoles } from "./no-broad-roles";

const assignment = (id: unknown): { type: string; inputs: object } => ({
  type: ROLE_ASSIGNMENT,
  inputs: {
    roleDefinitionId:
      typeof id === "string" && id !== UNKNOWN ? `/providers/Microsoft.Authorization/roleDefinitions/${id}` : id,
  },
});
const definition = (permission: object): { type: string; inputs: object } => ({
  type: ROLE_DEFINITION,
  inputs: { permissions: [permission] },
});

testRule(noBroadRoles, {
  violations: [
    {
      what: "an owner",
      given: assignment("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
      says: "Role assignment 'sales' assigns the role 'Owner'",
    },
    {
      what: "a contributor, its id in capitals",
      given: assignment("B24988AC-6180-42A0-AB88-20F7382DD24C"),
      says: "Role assignment 'sales' assigns the role 'Contributor'",
    },
    {
      what: "a custom role for every action",
      given: definition({ actions: ["*"] }),
      says: "Role definition 'sales' allows every action ('*')",
    },
    {
      what: "a custom role for all data",
      given: definition({ actions: ["Microsoft.Storage/*/read"], dataActions: ["*"] }),
      says: "Role definition 'sales' allows every data action ('*')",
    },
  ],
  complies: [
    { what: "a reader of data", given: assignment("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1") },
    { what: "a custom role for one action", given: definition({ actions: ["Microsoft.KeyVault/vaults/read"] }) },
  ],
  unknown: { what: "a role", given: assignment(UNKNOWN), path: "roleDefinitionId of Role assignment 'sales'" },
  missing: { what: "an assignment without a role", given: { type: ROLE_ASSIGNMENT }, says: undefined },
});
