// Who read what is written down.
import { cisAws, cisAzure, cleanRoom, defineRule, mcsb, text, type Resource } from "../../framework";
import { BUCKET_LOGGINGS, BUCKETS, settingsOfBucket, type BucketInputs } from "../../resources/aws";
import { DIAGNOSTIC_SETTING, STORAGE_ACCOUNT, VAULT, type DiagnosticSettingInputs } from "../../resources/azure";

export const storesAreLogged = defineRule({
  code: "stores-are-logged",
  group: "stores",
  title: "Access to vaults, storage accounts and buckets is logged.",
  risk: "After a leak nobody can say who released the key or read the data, nor show that nobody did.",
  remedy:
    "Give vault and account (blobServices/default) a DiagnosticSetting with their logs, the bucket a BucketLogging; or say in the setting loggedBy what does it outside this stack.",
  references: [
    cisAzure("5.1.4"),
    cisAzure("3.13"),
    cisAws("3.8"),
    cisAws("3.9"),
    mcsb("LT-3"),
    cleanRoom("audit events say that a query ran, not who else read the store"),
  ],
  settings: {
    loggedBy: text("What logs access outside this stack, such as an Azure Policy or a trail of the organisation.", {
      default: "",
    }),
  },
  judgeStack: ({ of, eachOf, settings: { loggedBy } }) => {
    if (loggedBy !== "") {
      return;
    }
    eachOf([VAULT, STORAGE_ACCOUNT], (store, { report }) => {
      if (!of(DIAGNOSTIC_SETTING).some((setting) => logs(setting) && isOf(setting, store))) {
        report("does not log who uses it");
      }
    });
    eachOf(BUCKETS, (bucket, { report }) => {
      const { logging, loggings } = bucket.inputs as BucketInputs;
      const inline = logging !== undefined || (loggings?.length ?? 0) > 0;
      // A bucket that logs are written to would log its own logging.
      const isTarget = of(...BUCKET_LOGGINGS).some(
        (each) => each.dependsOn("targetBucket", bucket) || isTargetOf(each, bucket),
      );
      if (!inline && !isTarget && settingsOfBucket(bucket, of(...BUCKET_LOGGINGS)).length === 0) {
        report("does not log who reads it");
      }
    });
  },
});

function logs({ inputs }: Resource): boolean {
  const { logs: categories } = inputs as DiagnosticSettingInputs;
  return categories?.some(({ enabled }) => enabled !== false) === true;
}

function isOf(setting: Resource, store: Resource): boolean {
  if (setting.dependsOn("resourceUri", store)) {
    return true;
  }
  const uri = (setting.inputs as DiagnosticSettingInputs).resourceUri?.toLowerCase();
  const kind = store.type === VAULT ? "vaults" : "storageaccounts";
  const name = store.inputs.accountName ?? store.inputs.vaultName ?? store.outputs.name;
  return typeof name === "string" && uri?.split("/").join(" ").includes(` ${kind} ${name.toLowerCase()}`) === true;
}

function isTargetOf(logging: Resource, bucket: Resource): boolean {
  const target = logging.inputs.targetBucket;
  return target !== undefined && target === (bucket.inputs as BucketInputs).bucket;
}
