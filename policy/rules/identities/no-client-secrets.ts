// Applications sign in with federated credentials, not with secrets that can be copied.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { APPLICATION, APPLICATION_PASSWORD, PRINCIPAL_PASSWORD } from "../../resources/azure";

export const noClientSecrets = defineRule({
  code: "no-client-secrets",
  group: "identities",
  title: "Applications have no client secrets.",
  risk: "A client secret works from anywhere, for whoever has it, until somebody notices.",
  remedy: "Give the application an ApplicationFederatedIdentityCredential for the pipeline that uses it.",
  references: [mcsb("IM-3"), mcsb("IM-8"), cleanRoom("sign-in by federated tokens")],
  types: [APPLICATION, APPLICATION_PASSWORD, PRINCIPAL_PASSWORD],
  judge: ({ type, inputs }, { report }) => {
    if (type !== APPLICATION) {
      report("is a client secret");
      return;
    }
    const { password, passwords } = inputs;
    if (password != null || (Array.isArray(passwords) && passwords.length > 0)) {
      report("has a client secret (password)");
    }
  },
});
