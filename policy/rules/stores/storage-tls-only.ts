// Nothing goes to or from a storage account in the clear.
import { choice, cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { STORAGE_ACCOUNT, type StorageAccountInputs } from "../../resources/azure";

const VERSIONS = ["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"] as const;

export const storageTlsOnly = defineRule({
  code: "storage-tls-only",
  group: "stores",
  title: "Storage accounts are reached over TLS 1.2 or newer only.",
  risk: "Data, and the keys that go with a CPK request, can be read or changed on their way.",
  remedy: "Set enableHttpsTrafficOnly to true and minimumTlsVersion to TLS1_2 or newer; the level remediate does it.",
  references: [cisAzure("3.1"), cisAzure("3.15"), mcsb("DP-3"), cleanRoom("store url is https")],
  settings: { minimum: choice("Oldest version of TLS.", VERSIONS, { default: "TLS1_2" }) },
  types: [STORAGE_ACCOUNT],
  judge: ({ inputs }, { report, settings: { minimum } }) => {
    const { enableHttpsTrafficOnly, minimumTlsVersion } = inputs as StorageAccountInputs;
    if (enableHttpsTrafficOnly === false) {
      report("takes requests without TLS");
    } else if (minimumTlsVersion === undefined || rank(minimumTlsVersion) < rank(minimum)) {
      report(minimumTlsVersion === undefined ? "does not say which TLS it takes" : `takes ${minimumTlsVersion}`);
    }
  },
  remediate: ({ inputs }, { minimum }) => {
    const { enableHttpsTrafficOnly, minimumTlsVersion } = inputs as StorageAccountInputs;
    const old = minimumTlsVersion === undefined || rank(minimumTlsVersion) < rank(minimum);
    return enableHttpsTrafficOnly === false || old
      ? { enableHttpsTrafficOnly: true, minimumTlsVersion: old ? minimum : minimumTlsVersion }
      : undefined;
  },
});

const rank = (version: string): number => (VERSIONS as readonly string[]).indexOf(version);
