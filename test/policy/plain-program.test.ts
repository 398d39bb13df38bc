// The pack on its own: another program, with azure-native and aws resources alone, in another folder.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, type TestProject } from "../../sandbox/clouds/testing/project";
import { startAnyProvider, type AnyProvider } from "../helpers/any-provider";

const ROOT = join(__dirname, "..", "..");
const PACK = join(ROOT, "policy");

const program = `
const { StorageAccount, BlobServiceProperties } = require("@pulumi/azure-native/storage");
const { DiagnosticSetting } = require("@pulumi/azure-native/monitor");
const { Bucket, BucketPublicAccessBlock, BucketVersioning, BucketPolicy, BucketLogging } = require("@pulumi/aws/s3");

const account = new StorageAccount("web", {
  accountName: "web",
  resourceGroupName: "web",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  allowBlobPublicAccess: process.env.PUBLIC === "yes",
  allowSharedKeyAccess: false,
  minimumTlsVersion: "TLS1_2",
  networkRuleSet: { defaultAction: "Deny" },
});
new BlobServiceProperties("web", {
  accountName: account.name,
  blobServicesName: "default",
  resourceGroupName: "web",
  isVersioningEnabled: true,
});
new DiagnosticSetting("web", { resourceUri: account.id, logs: [{ categoryGroup: "audit", enabled: true }] });

const bucket = new Bucket("pages", {});
const closed = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
if (process.env.PUBLIC !== "yes") new BucketPublicAccessBlock("pages", { bucket: bucket.id, ...closed });
new BucketVersioning("pages", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
new BucketLogging("pages", { bucket: bucket.id, targetBucket: "logs", targetPrefix: "pages/" });
const Statement = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
new BucketPolicy("pages", { bucket: bucket.id, policy: { Version: "2012-10-17", Statement } });
`;

let provider: AnyProvider;
let project: TestProject;

beforeAll(async () => {
  provider = await startAnyProvider();
  project = await createProject(program, provider.env("azure-native", "aws"));
  await project.pulumi(["stack", "init", "plain"]);
}, 60_000);
afterAll(async () => {
  await project.end();
  provider.end();
});

test("lets it be where it complies, though names and ids are not known yet", async () => {
  const output = await project.pulumi(["preview", "--policy-pack", PACK]);
  expect(output).not.toContain("[mandatory]");
  expect(output).toMatch(/\[advisory\] {2}no-secrets-in-properties.*\n.*Cannot be judged before up, which judges it: /);
  expect(output).toContain("+ 9 to create");
}, 60_000);

test("fails where it does not, on its Azure and on its AWS resources", async () => {
  const preview = project.pulumi(["preview", "--policy-pack", PACK], { PUBLIC: "yes" });
  const { message } = await preview.then(
    () => new Error("the preview passed"),
    (error: Error) => error,
  );
  expect(message).toContain("[mandatory]  no-public-blob-access  (azure-native:storage:StorageAccount: web)");
  expect(message).toContain("[mandatory]  no-public-bucket  (aws:s3:Bucket: pages)");
}, 60_000);

test("takes an organisation's configuration from a file, and a stack's exceptions from its own", async () => {
  const file = join(project.dir, "policy.json");
  writeFileSync(
    file,
    JSON.stringify({ "no-public-bucket": "advisory", "location-allowed": { locations: ["westeurope"] } }),
  );
  const day = new Date(Date.now() + 20 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const except = (rule: string, resource: string): object => ({
    rule,
    resource,
    reason: "a public site",
    expires: day,
  });
  const exceptions = [
    except("no-public-blob-access", "web"),
    except("location-allowed", "web"),
    except("location-allowed", "pages"),
  ];
  await project.pulumi(["config", "set", "cleanroom-policy:exceptions", JSON.stringify(exceptions)]);
  const args = ["preview", "--policy-pack", PACK, "--policy-pack-config", file];
  const output = await project.pulumi(args, { PUBLIC: "yes" });
  expect(output).not.toContain("[mandatory]");
  expect(output).toContain(`Stack 'clouds-plain' excepts 'web' from no-public-blob-access until ${day}: a public site`);
  expect(output).toContain(
    `Excepted until ${day} (a public site): Storage account 'web' does not forbid public access to blobs.`,
  );
  expect(output).toContain("[advisory]  no-public-bucket  (aws:s3:Bucket: pages)");
}, 60_000);

test("fails with a setting that does not fit, before anything is judged", async () => {
  const file = join(project.dir, "policy.json");
  writeFileSync(file, JSON.stringify({ "key-size": { minimum: "large" } }));
  const preview = project.pulumi(["preview", "--policy-pack", PACK, "--policy-pack-config", file]);
  await expect(preview).rejects.toThrow(/key-size: minimum: Invalid type. Expected: integer, given: string/);
}, 60_000);

test("is part of the package that is published", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const [{ files }] = JSON.parse(listed) as [{ files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["policy/PulumiPolicy.yaml", "policy/entry.js", "policy/rules/index.ts", "sql/index.ts"]),
  );
}, 60_000);
