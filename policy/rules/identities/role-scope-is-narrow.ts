// Rights are given on the one container, key or secret they are for.
import { cleanRoom, defineRule, mcsb, texts, type Resource } from "../../framework";
import { IDENTITY, ROLE_ASSIGNMENT, roleOf, type RoleAssignmentInputs } from "../../resources/azure";

/** Scopes of one thing, and of what holds many of them. */
const ONE_THING =
  /\/(?:blobServices\/default\/containers|vaults\/[^/]+\/(?:keys|secrets)|managedHSMs\/[^/]+\/keys)\/[^/]+$/i;
const ONE_VAULT = /\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i;

export const roleScopeIsNarrow = defineRule({
  code: "role-scope-is-narrow",
  group: "identities",
  title: "Roles are assigned on one container, key or secret, and on nothing above it.",
  risk: "A role on an account, vault, group or subscription opens every other dataset in it, too, and those still to come.",
  remedy: "Use BlobAccess and ReleaseKey, or set the scope to the container's, key's or secret's id.",
  references: [mcsb("PA-7"), cleanRoom("a data role on the container, not on the subscription")],
  settings: {
    vaultRoles: texts("Roles that whoever deploys may have on a whole vault: its keys and secrets aren't there yet.", {
      default: ["Key Vault Crypto Officer", "Key Vault Secrets Officer"],
    }),
  },
  types: [ROLE_ASSIGNMENT],
  judge: ({ inputs }, { report, settings: { vaultRoles } }) => {
    const assignment = inputs as RoleAssignmentInputs;
    const scope = assignment.scope ?? "";
    if (ONE_THING.test(scope)) {
      return;
    }
    const role = roleOf(assignment);
    if (!ONE_VAULT.test(scope) || !vaultRoles.includes(role)) {
      report(`gives '${role}' on ${scope === "" ? "no scope" : scope}`);
    }
  },
  judgeStack: ({ of, eachOf }) => {
    eachOf([ROLE_ASSIGNMENT], (assignment, { report }) => {
      const { scope, principalId } = assignment.inputs as RoleAssignmentInputs;
      if (!ONE_VAULT.test(scope ?? "")) {
        return;
      }
      const identity = of(IDENTITY).find((each) => principalOf(each) === principalId);
      if (identity !== undefined) {
        report(`gives ${identity.label}, which a clean room signs in as, a role on a whole vault`);
      }
    });
  },
});

const principalOf = ({ outputs }: Resource): unknown => outputs.principalId;
