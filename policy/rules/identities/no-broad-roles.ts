// Nobody gets the right to everything, or to give rights.
import { cisAzure, cleanRoom, defineRule, isObject, mcsb, texts } from "../../framework";
import { ROLE_ASSIGNMENT, ROLE_DEFINITION, roleOf } from "../../resources/azure";

export const noBroadRoles = defineRule({
  code: "no-broad-roles",
  group: "identities",
  title: "No role of an owner, contributor or administrator is assigned, and no custom role allows everything.",
  risk: "Who may manage a store or vault can open it, change its keys' release policies, and give themselves the data.",
  remedy: "Assign the data role that is needed, such as Storage Blob Data Reader.",
  references: [cisAzure("1.22"), mcsb("PA-1"), mcsb("PA-7"), cleanRoom("least privilege of the dataset's identity")],
  settings: {
    roles: texts("Roles that are never assigned, by name or GUID.", {
      default: [
        "Owner",
        "Contributor",
        "User Access Administrator",
        "Role Based Access Control Administrator",
        "Key Vault Administrator",
        "Storage Blob Data Owner",
        "Storage Account Contributor",
      ],
    }),
  },
  types: [ROLE_ASSIGNMENT, ROLE_DEFINITION],
  judge: ({ type, inputs }, { report, settings: { roles } }) => {
    if (type === ROLE_ASSIGNMENT) {
      const role = roleOf(inputs);
      if (roles.includes(role)) {
        report(`assigns the role '${role}'`);
      }
      return;
    }
    const { permissions } = inputs;
    for (const permission of Array.isArray(permissions) ? permissions.filter(isObject) : []) {
      for (const kind of ["actions", "dataActions"]) {
        if (Array.isArray(permission[kind]) && permission[kind].includes("*")) {
          report(`allows every ${kind === "actions" ? "action" : "data action"} ('*')`);
          return;
        }
      }
    }
  },
});
