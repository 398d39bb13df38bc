// IAM and STS, by their real clients, on the same users and keys that the AWS provider makes and S3 admits.
import * as iam from "@aws-sdk/client-iam";
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Clouds, startClouds } from "../../clouds";
import { collaborator } from "../../world";
import { testContext, type TestContext } from "../testing";
import { type DataPlanes, startDataPlanes } from "..";

const { awsAccountId } = collaborator("litware");
const LATE = 2000;

let ctx: TestContext;
let clouds: Clouds;
let dataPlanes: DataPlanes;
let ahead = 0;
beforeAll(async () => {
  ctx = { ...(await testContext(undefined, () => new Date(Date.now() + ahead))), eventualSeconds: LATE / 1000 };
  clouds = await startClouds(ctx);
  dataPlanes = await startDataPlanes(ctx, clouds);
});
afterAll(async () => {
  await dataPlanes.close();
  await clouds.close();
  await ctx.close();
});

interface Keys {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
}

const settings = (service: string, keys?: Keys) => {
  const env = dataPlanes.env("litware");
  return {
    endpoint: env[`AWS_ENDPOINT_URL_${service}`],
    region: env.AWS_REGION,
    maxAttempts: 1,
    credentials: {
      accessKeyId: keys?.AccessKeyId ?? env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: keys?.SecretAccessKey ?? env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  };
};
const client = (keys?: Keys): iam.IAMClient => new iam.IAMClient(settings("IAM", keys));
const sts = (keys?: Keys): STSClient => new STSClient(settings("STS", keys));
const s3 = (keys?: Keys): S3Client => new S3Client({ ...settings("S3", keys), forcePathStyle: true });

/** A user of that name with one key, which is good already. */
async function userWithKey(UserName: string, policy?: object): Promise<Keys> {
  await client().send(new iam.CreateUserCommand({ UserName, Path: "/cleanroom/" }));
  if (policy !== undefined) {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [policy] });
    await client().send(new iam.PutUserPolicyCommand({ UserName, PolicyName: "least", PolicyDocument }));
  }
  const { AccessKey } = await client().send(new iam.CreateAccessKeyCommand({ UserName }));
  ahead += LATE;
  return AccessKey ?? {};
}

test("a user is made, read, listed and deleted", async () => {
  const { User } = await client().send(new iam.CreateUserCommand({ UserName: "made", Path: "/cleanroom/" }));
  expect(User).toMatchObject({ UserName: "made", Arn: `arn:aws:iam::${awsAccountId}:user/cleanroom/made` });
  expect((await client().send(new iam.GetUserCommand({ UserName: "made" }))).User).toEqual(User);
  const { Users = [] } = await client().send(new iam.ListUsersCommand({ PathPrefix: "/cleanroom/" }));
  expect(Users.map(({ UserName }) => UserName)).toEqual(["made"]);
  await client().send(new iam.DeleteUserCommand({ UserName: "made" }));
  await expect(client().send(new iam.GetUserCommand({ UserName: "made" }))).rejects.toBeInstanceOf(
    iam.NoSuchEntityException,
  );
});

test("everybody is told who they are", async () => {
  const administrator = await sts().send(new GetCallerIdentityCommand({}));
  expect(administrator).toMatchObject({ Account: awsAccountId, Arn: `arn:aws:iam::${awsAccountId}:user/litware` });
  const keys = await userWithKey("curious");
  expect((await sts(keys).send(new GetCallerIdentityCommand({}))).Arn).toBe(
    `arn:aws:iam::${awsAccountId}:user/cleanroom/curious`,
  );
});

test("a key opens S3 as far as the user's policy goes, and its last use is remembered", async () => {
  const bucket = await clouds.iam("litware").create("aws:s3/bucket:Bucket", { bucket: "litware-iam-test" });
  const Bucket = bucket.id;
  await s3().send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
  expect(Buckets).toEqual([{ Name: Bucket, CreationDate: expect.any(Date) as Date }]);
  const keys = await userWithKey("lister", {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: `arn:aws:s3:::${Bucket}`,
  });
  const lastUsed = async () =>
    (await client().send(new iam.GetAccessKeyLastUsedCommand({ AccessKeyId: keys.AccessKeyId }))).AccessKeyLastUsed;
  expect(await lastUsed()).toMatchObject({ ServiceName: "N/A", Region: "N/A" });
  expect((await s3(keys).send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);
  const written = s3(keys).send(new PutObjectCommand({ Bucket, Key: "b", Body: "b" }));
  await expect(written).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(s3(keys).send(new ListBucketsCommand({}))).rejects.toThrow("s3:ListAllMyBuckets");
  expect(await lastUsed()).toMatchObject({
    ServiceName: "s3",
    Region: "us-east-1",
    LastUsedDate: expect.any(Date) as Date,
  });
});

test("a key is rotated: two at a time, the old one inactive, then gone", async () => {
  const UserName = "rotated";
  const first = await userWithKey(UserName);
  const { AccessKey: second } = await client().send(new iam.CreateAccessKeyCommand({ UserName }));
  const third = client().send(new iam.CreateAccessKeyCommand({ UserName }));
  await expect(third).rejects.toBeInstanceOf(iam.LimitExceededException);
  const status = { UserName, AccessKeyId: first.AccessKeyId, Status: "Inactive" as const };
  await client().send(new iam.UpdateAccessKeyCommand(status));
  const { AccessKeyMetadata = [] } = await client().send(new iam.ListAccessKeysCommand({ UserName }));
  expect(AccessKeyMetadata.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])).toEqual([
    [first.AccessKeyId, "Inactive"],
    [second?.AccessKeyId, "Active"],
  ]);
  ahead += LATE;
  await expect(sts(first).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
  });
  await client().send(new iam.DeleteAccessKeyCommand({ UserName, AccessKeyId: first.AccessKeyId }));
  expect((await client().send(new iam.ListAccessKeysCommand({ UserName }))).AccessKeyMetadata).toHaveLength(1);
});

test("an inline policy is put, read as it was put, listed and deleted", async () => {
  const UserName = "governed";
  await client().send(new iam.CreateUserCommand({ UserName }));
  const document = (Resource: string): string =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }] });
  for (const Resource of ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]) {
    const put = { UserName, PolicyName: "read", PolicyDocument: document(Resource) };
    await client().send(new iam.PutUserPolicyCommand(put));
  }
  const { PolicyDocument = "" } = await client().send(new iam.GetUserPolicyCommand({ UserName, PolicyName: "read" }));
  expect(decodeURIComponent(PolicyDocument)).toBe(document("arn:aws:s3:::b/*"));
  const names = async () => (await client().send(new iam.ListUserPoliciesCommand({ UserName }))).PolicyNames;
  expect(await names()).toEqual(["read"]);
  await client().send(new iam.DeleteUserPolicyCommand({ UserName, PolicyName: "read" }));
  expect(await names()).toEqual([]);
});

test("what the provider makes IAM knows, and the other way round", async () => {
  const control = clouds.iam("litware");
  await control.create("aws:iam/user:User", { name: "declared" });
  const { User } = await client().send(new iam.GetUserCommand({ UserName: "declared" }));
  expect(User?.UserId).toBe(control.find("aws:iam/user:User", "declared")?.outputs.uniqueId);
});

test("fails with a key that is too new to be known, and with a wrong secret", async () => {
  await client().send(new iam.CreateUserCommand({ UserName: "fresh" }));
  const { AccessKey: keys } = await client().send(new iam.CreateAccessKeyCommand({ UserName: "fresh" }));
  const asked = () => sts(keys).send(new GetCallerIdentityCommand({}));
  await expect(asked()).rejects.toMatchObject({ name: "InvalidClientTokenId", $metadata: { httpStatusCode: 403 } });
  ahead += LATE;
  expect((await asked()).Account).toBe(awsAccountId);
  const wrong = sts({ ...keys, SecretAccessKey: "wrong" }).send(new GetCallerIdentityCommand({}));
  await expect(wrong).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
});

test("fails for a user without the right, naming action and resource", async () => {
  const keys = await userWithKey("powerless");
  await expect(client(keys).send(new iam.ListUsersCommand({}))).rejects.toThrow(
    /user\/cleanroom\/powerless is not authorized to perform: iam:ListUsers/,
  );
});

test("fails as IAM does for names that are taken, missing or no names, and for users that still have something", async () => {
  const make = (UserName: string) => client().send(new iam.CreateUserCommand({ UserName }));
  await make("taken");
  await expect(make("taken")).rejects.toBeInstanceOf(iam.EntityAlreadyExistsException);
  await expect(make("no name")).rejects.toMatchObject({ name: "ValidationError" });
  const missing = client().send(new iam.CreateAccessKeyCommand({ UserName: "nobody" }));
  await expect(missing).rejects.toThrow("The user with name nobody cannot be found.");
  await client().send(new iam.CreateAccessKeyCommand({ UserName: "taken" }));
  const deleted = client().send(new iam.DeleteUserCommand({ UserName: "taken" }));
  await expect(deleted).rejects.toBeInstanceOf(iam.DeleteConflictException);
  const put = { UserName: "taken", PolicyName: "p", PolicyDocument: "{" };
  await expect(client().send(new iam.PutUserPolicyCommand(put))).rejects.toBeInstanceOf(
    iam.MalformedPolicyDocumentException,
  );
});

test("what a user might do is told by action and resource, and how many users there are and may be", async () => {
  await userWithKey("simulated", { Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::data/*" });
  const simulated = async (user: string, ResourceArns?: string[]) => {
    const ask = { PolicySourceArn: `arn:aws:iam::${awsAccountId}:user/${user}`, ResourceArns };
    const ActionNames = ["s3:GetObject", "s3:PutObject"];
    const answer = await client().send(new iam.SimulatePrincipalPolicyCommand({ ...ask, ActionNames }));
    return answer.EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
  };
  expect(await simulated("cleanroom/simulated", ["arn:aws:s3:::data/a"])).toEqual(["allowed", "implicitDeny"]);
  expect(await simulated("cleanroom/simulated")).toEqual(["implicitDeny", "implicitDeny"]);
  expect(await simulated("litware")).toEqual(["allowed", "allowed"]);
  await expect(simulated("nobody")).rejects.toBeInstanceOf(iam.NoSuchEntityException);
  const { SummaryMap } = await client().send(new iam.GetAccountSummaryCommand({}));
  const { Users = [] } = await client().send(new iam.ListUsersCommand({}));
  expect(SummaryMap).toMatchObject({ Users: Users.length, UsersQuota: 5000, AccessKeysPerUserQuota: 2 });
});

test("fails for what is not modelled", async () => {
  await expect(client().send(new iam.ListRolesCommand({}))).rejects.toThrow(
    "The sandbox does not model iam:ListRoles.",
  );
});
