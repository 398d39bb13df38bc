import { STORAGE_ACCOUNT } from "../../resources/azure";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { storageTlsOnly } from "./storage-tls-only";

const account = (inputs: object): { type: string; inputs: object } => ({ type: STORAGE_ACCOUNT, inputs });

testRule(storageTlsOnly, {
  violations: [
    {
      what: "requests without TLS",
      given: account({ enableHttpsTrafficOnly: false, minimumTlsVersion: "TLS1_2" }),
      says: "Storage account 'sales' takes requests without TLS",
    },
    {
      what: "an old TLS",
      given: account({ enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_0" }),
      says: "Storage account 'sales' takes TLS1_0",
    },
    {
      what: "an older TLS than configured",
      given: account({ minimumTlsVersion: "TLS1_2" }),
      settings: { minimum: "TLS1_3" },
      says: "Storage account 'sales' takes TLS1_2",
    },
  ],
  complies: [{ what: "TLS 1.2", given: account({ enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_2" }) }],
  unknown: {
    what: "a version",
    given: account({ minimumTlsVersion: UNKNOWN }),
    path: "minimumTlsVersion of Storage account 'sales'",
  },
  missing: {
    what: "an account that does not say",
    given: account({}),
    says: "Storage account 'sales' does not say which TLS it takes",
  },
  remediations: [
    {
      what: "an old TLS",
      given: account({ enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_0", tags: { kept: "yes" } }),
      becomes: { minimumTlsVersion: "TLS1_2" },
    },
    {
      what: "requests without TLS, without making its version older",
      given: account({ enableHttpsTrafficOnly: false, minimumTlsVersion: "TLS1_3" }),
      becomes: { enableHttpsTrafficOnly: true },
    },
    { what: "nothing of what complies", given: account({ minimumTlsVersion: "TLS1_2" }), becomes: undefined },
    { what: "nothing of what is not known yet", given: account({ minimumTlsVersion: UNKNOWN }), becomes: undefined },
  ],
});
