import { APPLICATION, APPLICATION_PASSWORD, PRINCIPAL_PASSWORD } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { noClientSecrets } from "./no-client-secrets";

testRule(noClientSecrets, {
  violations: [
    {
      what: "an application with a secret of its own",
      given: { type: APPLICATION, inputs: { displayName: "pipeline", password: { displayName: "p" } } },
      says: "Application 'sales' has a client secret (password)",
    },
    {
      what: "a client secret of an application",
      given: { type: APPLICATION_PASSWORD, inputs: { applicationId: "/applications/1" } },
      says: "Application password 'sales' is a client secret",
    },
  ],
  complies: [
    { what: "an application without secrets", given: { type: APPLICATION, inputs: { displayName: "pipeline" } } },
  ],
  unknown: {
    what: "an application's password",
    given: { type: APPLICATION, inputs: { password: UNKNOWN } },
    path: "password of Application 'sales'",
  },
  missing: {
    what: "a principal's secret that says nothing",
    given: { type: PRINCIPAL_PASSWORD },
    says: "Service principal password 'sales' is a client secret",
  },
});
