// What the doctor says of AWS, with one thing wrong at a time: AWS's own clients against the sandbox's IAM, STS and S3.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as iam from "@aws-sdk/client-iam";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { checkAws } from "../../cli/doctor/aws";
import type { Found } from "../../cli/doctor/check";
import { assumedNeeds, type Needs } from "../../cli/doctor/needs";
import { collaborator, startSandbox, type Sandbox } from "../../sandbox";
import { TestProvider } from "../../sandbox/clouds/testing";
import { planned } from "./azure-cases";

const { awsAccountId } = collaborator("litware");
const PREFIX = "litware-members";
const REGION = { "aws:region": "eu-west-1" };

let dir: string;
let sandbox: Sandbox;
let env: Readonly<Record<string, string>>;
let client: iam.IAMClient;
const saved = new Map<string, string | undefined>();

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "doctor-aws-"));
  sandbox = await startSandbox({ dir });
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(join(dir, "ca.pem"), "utf8")]);
  const all = await sandbox.env("litware");
  env = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith("AWS_")));
  for (const name of Object.keys(env)) saved.set(name, process.env[name]);
  client = new iam.IAMClient({ endpoint: env.AWS_ENDPOINT_URL_IAM, region: env.AWS_REGION, credentials: keys() });
});
beforeEach(() => {
  Object.assign(process.env, env);
});
afterAll(async () => {
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  client.destroy();
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

const keys = () => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
});

const bucket = `${PREFIX}-bucket-1a2b`;
const USER = ["aws:iam/user:User", { name: "members-reader-1a2b", path: "/cleanroom/" }] as const;
const whole = planned(
  ["aws:s3/bucket:Bucket", { bucket }],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket }],
  USER,
  ["aws:iam/userPolicy:UserPolicy", {}],
  ["aws:iam/accessKey:AccessKey", {}],
);

const examined = (needs: Needs = whole, config: Readonly<Record<string, string>> = REGION): Promise<readonly Found[]> =>
  checkAws({ stack: "dev", needs, config: (key) => config[key], env: process.env });

const wrong = (found: readonly Found[]): readonly string[] =>
  found.filter(({ result }) => result !== "ok").map(({ what, result, found: says }) => `${what}: ${result}: ${says}`);

/** The shell of a user with this policy. */
async function signInAs(UserName: string, policy: string): Promise<void> {
  await client.send(new iam.CreateUserCommand({ UserName }));
  await client.send(new iam.PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument: policy }));
  const { AccessKey } = await client.send(new iam.CreateAccessKeyCommand({ UserName }));
  process.env.AWS_ACCESS_KEY_ID = AccessKey?.AccessKeyId ?? "";
  process.env.AWS_SECRET_ACCESS_KEY = AccessKey?.SecretAccessKey ?? "";
}

/** The policy that docs/aws.md gives, for these buckets and this account. */
const documented = (): string => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "aws.md"), "utf8");
  const [, policy = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
  return policy.replaceAll("<prefix>", PREFIX).replaceAll("<account id>", awsAccountId);
};

test("an account that is as it should be has no remedy anywhere", async () => {
  const found = await examined();
  expect(found.map(({ what, result, remedy }) => [what, result, remedy])).toEqual(
    ["sign-in", "rights", "quota", "names"].map((what) => [what, "ok", null]),
  );
  expect(found[0]?.found).toBe(`arn:aws:iam::${awsAccountId}:user/litware of account ${awsAccountId}`);
  expect(found[3]?.found).toBe(`free: ${bucket}`);
});

test("the policy of the page about AWS is enough, and without a preview nobody can say", async () => {
  await signInAs("documented", documented());
  expect(wrong(await examined())).toEqual([]);
  const found = await examined(assumedNeeds({ azure: false, aws: true }));
  expect(wrong(found)).toEqual([
    expect.stringMatching(/^rights: unchecked: .* is not allowed on everything, and without a preview/),
    "names: unchecked: no preview says which they are",
  ]);
});

test("tells of rights that are missing, and of those that only a destroy needs", async () => {
  const policy = JSON.parse(documented()) as { Statement: { Action: string[] }[] };
  const without = (...actions: readonly string[]): string =>
    JSON.stringify({
      ...policy,
      Statement: policy.Statement.map((each) => ({
        ...each,
        Action: each.Action.filter((action) => !actions.includes(action)),
      })),
    });
  await signInAs("half", without("s3:PutObject", "iam:CreateAccessKey"));
  const [missing] = (await examined()).filter(({ result }) => result !== "ok");
  expect(missing).toMatchObject({
    what: "rights",
    result: "problem",
    found: expect.stringMatching(/^2 of \d+ actions are missing: s3:PutObject, iam:CreateAccessKey$/) as string,
    remedy: expect.stringContaining("docs/aws.md") as string,
  });
  Object.assign(process.env, env);
  await signInAs("makes", without("s3:DeleteBucket"));
  expect(wrong(await examined())).toEqual(["rights: warning: pulumi destroy would fail for want of s3:DeleteBucket"]);
});

test("says that rights and quotas can't be asked for by a user who may not", async () => {
  await signInAs("mute", JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] }));
  const found = await examined();
  expect(found.map(({ what, result }) => `${what}: ${result}`)).toEqual([
    "sign-in: ok",
    "rights: unchecked",
    "quota: unchecked",
    "names: ok",
  ]);
  expect(found[1]?.found).toContain("AccessDenied");
  expect(found[1]?.remedy).toBe("ask for iam:SimulatePrincipalPolicy on yourself");
});

test("tells of a user with two keys already, and of a type that it does not know", async () => {
  const made = planned(["aws:iam/accessKey:AccessKey", { user: "full" }], ["aws:sqs/queue:Queue", {}]);
  await client.send(new iam.CreateUserCommand({ UserName: "full" }));
  await client.send(new iam.CreateAccessKeyCommand({ UserName: "full" }));
  const unknown = "rights: unchecked: this release does not know which rights aws:sqs/queue:Queue takes";
  expect(wrong(await examined(made))).toEqual([unknown]);
  await client.send(new iam.CreateAccessKeyCommand({ UserName: "full" }));
  const found = await examined(made);
  expect(wrong(found)).toEqual([unknown, "quota: problem: user full has 2 of 2 access keys, 1 more wanted"]);
  expect(found.find(({ what }) => what === "quota")?.remedy).toContain("aws iam list-access-keys --user-name full");
});

test("tells of names of buckets that are somebody else's, or ours already", async () => {
  for (const [who, name] of [
    ["contosso", `${PREFIX}-theirs`],
    ["litware", `${PREFIX}-ours`],
  ] as const) {
    const port = /(?:^|,)aws:(\d+)/.exec((await sandbox.env(who)).PULUMI_DEBUG_PROVIDERS ?? "")?.[1] ?? "";
    const provider = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await new TestProvider(provider).create("aws:s3/bucket:Bucket", name, { bucket: name, region: "us-east-1" });
    provider.close();
  }
  const named = (name: string) => ["aws:s3/bucket:Bucket", { bucket: `${PREFIX}-${name}` }] as const;
  const names = (await examined(planned(named("theirs"), named("ours")), { "aws:region": "us-east-1" })).filter(
    ({ what }) => what === "names",
  );
  expect(wrong(names)).toEqual([
    `names: problem: bucket ${PREFIX}-theirs is somebody else's`,
    `names: problem: bucket ${PREFIX}-ours is there already`,
  ]);
  expect(names[1]?.remedy).toMatch(/^existingBucket: "litware-members-ours", or/);
});

test("says that a role which only the provider assumes was not looked at", async () => {
  const found = await examined(whole, { ...REGION, "aws:assumeRole": '{"roleArn":"arn:aws:iam::1:role/deploys"}' });
  expect(wrong(found)).toEqual([
    expect.stringMatching(/^provider's sign-in: unchecked: .*assumes the role of aws:assumeRole/),
  ]);
});

test("fails without a region, and for a key that there is not", async () => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) delete process.env[name];
  const [none] = await examined(whole, {});
  expect(none).toMatchObject({
    what: "region",
    result: "problem",
    remedy: expect.stringContaining("aws:region") as string,
  });
  process.env.AWS_ACCESS_KEY_ID = "AKIANOBODY";
  const found = await examined();
  expect(found.map(({ what, result }) => `${what}: ${result}`)).toEqual([
    "sign-in: problem",
    "rights, quotas, names: unchecked",
  ]);
  expect(found[0]?.found).toMatch(/^sts:GetCallerIdentity: InvalidClientTokenId: /);
  expect(found[0]?.remedy).toContain("aws sso login");
});

test("does not ask AWS about an S3 that is elsewhere", async () => {
  delete process.env.AWS_ENDPOINT_URL_STS;
  expect(await examined()).toMatchObject([
    {
      what: "sign-in, rights, quotas, names",
      result: "unchecked",
      remedy: expect.stringContaining("AWS_ENDPOINT_URL_STS") as string,
    },
  ]);
});
