// Nothing goes to or from a bucket in the clear.
import { cisAws, cleanRoom, defineRule, isObject, mcsb } from "../../framework";
import { BUCKET_POLICY, BUCKETS, listOf, settingsOfBucket, statementsOf, type Statement } from "../../resources/aws";

export const bucketTlsOnly = defineRule({
  code: "bucket-tls-only",
  group: "stores",
  title: "Every bucket refuses requests without TLS.",
  risk: "S3 answers plain HTTP, too: data and signed requests can be read on their way.",
  remedy: "Give the bucket a BucketPolicy that denies s3:* to everybody where aws:SecureTransport is false.",
  references: [cisAws("2.1.1"), mcsb("DP-3"), cleanRoom("store url is https")],
  judgeStack: ({ of, eachOf }) => {
    eachOf(BUCKETS, (bucket, { report }) => {
      const policies = settingsOfBucket(bucket, of(BUCKET_POLICY));
      if (policies.length === 0) {
        report("has no policy, and so takes requests without TLS");
      } else if (!policies.some(({ inputs }) => statementsOf(inputs.policy)?.some(deniesPlainHttp) === true)) {
        report("has a policy that does not deny requests without TLS");
      }
    });
  },
});

function deniesPlainHttp({ Effect, Principal, Action, Condition }: Statement): boolean {
  const everybody = Principal === "*" || (isObject(Principal) && listOf(Principal.AWS).includes("*"));
  const everything = listOf(Action).some((action) => action === "s3:*" || action === "*");
  const plain = listOf(Condition?.Bool?.["aws:SecureTransport"]).includes("false");
  return Effect === "Deny" && everybody && everything && plain;
}
