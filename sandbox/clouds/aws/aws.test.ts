import { ServiceError } from "../../http";
import { collaborator } from "../../world";
import { type Deployed, GONE, SECRET, startTestClouds, type TestClouds, type TestProvider } from "../testing";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  block: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  user: "aws:iam/user:User",
  policy: "aws:iam/userPolicy:UserPolicy",
  key: "aws:iam/accessKey:AccessKey",
};
const { awsAccountId } = collaborator("contosso");
const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] };

let clouds: TestClouds;
let provider: TestProvider;

beforeEach(async () => {
  clouds = await startTestClouds();
  provider = clouds.provider("aws");
});
afterEach(() => clouds.end());

describe("a bucket", () => {
  test("is named after the program's resource, in the configured region", async () => {
    await provider.configure({ region: "eu-north-1" });
    const { id, outputs } = await provider.create(types.bucket, "Members", {});
    expect(id).toMatch(/^members-[0-9a-f]{7}$/);
    expect(outputs).toMatchObject({
      arn: `arn:aws:s3:::${id}`,
      region: "eu-north-1",
      bucketRegionalDomainName: `${id}.s3.eu-north-1.amazonaws.com`,
    });
    expect(clouds.clouds.state.bucket(id)).toEqual({
      name: id,
      owner: "contosso",
      account: awsAccountId,
      region: "eu-north-1",
      created: expect.stringMatching(/Z$/) as string,
    });
  });

  test("keeps its name, and is replaced in another region", async () => {
    const made = await provider.create(types.bucket, "members", { region: "eu-west-1" });
    expect((await provider.diff(made, { region: "eu-west-1" })).changes).toBe("none");
    const moved = await provider.diff(made, { region: "eu-north-1" });
    expect(moved).toMatchObject({ replaces: ["region"], deleteBeforeReplace: false });
  });

  test("fails with a name that somebody has, and says whether it is ourselves", async () => {
    await provider.create(types.bucket, "members", { bucket: "members" });
    const again = provider.create(types.bucket, "members", { bucket: "members" });
    await expect(again).rejects.toThrow("BucketAlreadyOwnedByYou");
    const other = clouds.provider("aws", "litware").create(types.bucket, "members", { bucket: "members" });
    await expect(other).rejects.toThrow("StatusCode: 409, api error BucketAlreadyExists");
  });

  test.each(["Members", "ab", "a..b", "-members", "a-.b-c", "192.168.0.1", "m".repeat(64)])(
    "fails with the name %s",
    async (bucket) => {
      await expect(provider.check(types.bucket, "b", { bucket })).rejects.toThrow("cannot be a bucket's name");
    },
  );

  test("fails to be deleted while it holds objects, except by force", async () => {
    const forced: boolean[] = [];
    clouds.clouds.state.register({
      bucketDeleted: (_, force) => {
        forced.push(force);
        const refusal = new ServiceError(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
        return force ? Promise.resolve() : Promise.reject(refusal);
      },
    });
    const made = await provider.create(types.bucket, "members", {});
    await expect(provider.delete(made)).rejects.toThrow("BucketNotEmpty");
    const changed = await provider.update(made, { forceDestroy: true });
    await provider.delete(changed);
    expect(forced).toEqual([false, true]);
    expect((await provider.read(changed)).id).toBe(GONE);
  });

  test("takes its settings along", async () => {
    const bucket = await provider.create(types.bucket, "members", {});
    const block = await provider.create(types.block, "block", { bucket: bucket.id, blockPublicAcls: true });
    expect(block.id).toBe(bucket.id);
    await provider.delete(bucket);
    expect((await provider.read(block)).id).toBe(GONE);
  });

  test("takes a policy that denies requests without TLS, and goes on as before", async () => {
    const made = await provider.create(types.bucket, "members", {});
    const Condition = { Bool: { "aws:SecureTransport": "false" } };
    const Statement = [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition }];
    const policy = JSON.stringify({ Version: "2012-10-17", Statement });
    const set = await provider.create(types.bucketPolicy, "tls", { bucket: made.id, policy });
    expect(set).toMatchObject({ id: made.id, outputs: { bucket: made.id, policy } });
  });

  test.each([
    [
      "a policy that allows something",
      JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "s3:*" } }),
    ],
    ["a policy for nobody", JSON.stringify({ Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] })],
    ["a policy without statements", JSON.stringify({ Statement: [] })],
    ["what is no policy", "deny"],
  ])("fails with %s, which is not modelled", async (_what, policy) => {
    const checked = provider.check(types.bucketPolicy, "p", { bucket: "members", policy });
    await expect(checked).rejects.toThrow("the sandbox models bucket policies that deny, and no others");
  });

  test("fails to get settings before it exists", async () => {
    await expect(provider.create(types.block, "block", { bucket: "none" })).rejects.toThrow("NoSuchBucket");
  });

  test.each(["xn--data", "sthree-data", "data-s3alias", "data.mrap", "10.0.0.1", "a..b", "Data"])(
    "fails with the name %s, which AWS does not give",
    async (name) => {
      const check = provider.check(types.bucket, "b", { bucket: name });
      await expect(check).rejects.toThrow(`${JSON.stringify(name)} cannot be a bucket's name`);
    },
  );

  test("fails in a region that AWS does not have, with those that there are", async () => {
    const check = provider.check(types.bucket, "b", { region: "eu-nroth-1" });
    await expect(check).rejects.toThrow(/invalid AWS Region: eu-nroth-1; aws \d.* knows .*eu-north-1/);
  });

  test("fails with what is not modelled", async () => {
    await expect(provider.check(types.bucket, "b", { acl: "public-read" })).rejects.toThrow(
      `the sandbox does not model the property acl of ${types.bucket}: sandbox/clouds/aws/bucket.ts`,
    );
  });
});

describe("a user", () => {
  let user: Deployed;
  beforeEach(async () => {
    user = await provider.create(types.user, "reader", { path: "/cleanroom/" });
  });

  test("has an ARN with its path", () => {
    expect(user.outputs.arn).toBe(`arn:aws:iam::${awsAccountId}:user/cleanroom/${user.id}`);
    expect(user.outputs.uniqueId).toMatch(/^AIDA[0-9A-F]{17}$/);
  });

  test("fails twice with a name that differs in upper and lower case alone", async () => {
    await provider.create(types.user, "u", { name: "Reader" });
    await expect(provider.create(types.user, "u", { name: "reader" })).rejects.toThrow("EntityAlreadyExists");
  });

  test("fails with a name or a path that IAM cannot have", async () => {
    await expect(provider.check(types.user, "u", { name: "a b" })).rejects.toThrow("must be 1 to 64");
    await expect(provider.check(types.user, "u", { path: "cleanroom" })).rejects.toThrow("begin and end with a slash");
  });

  test("fails to be deleted with a key or a policy, except by force", async () => {
    const key = await provider.create(types.key, "k", { user: user.id });
    await expect(provider.delete(user)).rejects.toThrow(/DeleteConflict.*access keys/);
    const forced = await provider.update(user, { path: "/cleanroom/", forceDestroy: true });
    await provider.delete(forced);
    expect((await provider.read(key)).id).toBe(GONE);
  });

  test("has what its access key opens, known by the key's id", async () => {
    await provider.create(types.policy, "p", { user: user.id, policy: JSON.stringify(allow) });
    const key = await provider.create(types.key, "k", { user: user.id });
    const secret = (key.outputs.secret as { value: string }).value;
    expect(clouds.clouds.state.iamByAccessKey(key.id)).toEqual({
      user: user.id,
      userArn: user.outputs.arn,
      account: awsAccountId,
      secret,
      status: "Active",
      policies: [JSON.stringify(allow)],
    });
  });
});

describe("an access key", () => {
  let user: Deployed;
  beforeEach(async () => {
    user = await provider.create(types.user, "reader", {});
  });

  test("answers its secret once, as a secret; a read keeps what the state has", async () => {
    const key = await provider.create(types.key, "k", { user: user.id });
    expect(key.id).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(key.outputs.secret).toMatchObject(SECRET);
    expect((await provider.read(key)).outputs.secret).toEqual(key.outputs.secret);
    expect((await provider.import(types.key, "k", key.id)).outputs).not.toHaveProperty("secret");
  });

  test("keeps its secret when it is switched off", async () => {
    const key = await provider.create(types.key, "k", { user: user.id });
    const off = await provider.update(key, { user: user.id, status: "Inactive" });
    expect(off.outputs).toMatchObject({ status: "Inactive", secret: key.outputs.secret });
    expect(clouds.clouds.state.iamByAccessKey(key.id)?.status).toBe("Inactive");
  });

  test("fails as the third of its user", async () => {
    await provider.create(types.key, "one", { user: user.id });
    await provider.create(types.key, "two", { user: user.id });
    const third = provider.create(types.key, "three", { user: user.id });
    await expect(third).rejects.toThrow("Cannot exceed quota for AccessKeysPerUser: 2");
  });

  test("fails without its user", async () => {
    await expect(provider.create(types.key, "k", { user: "nobody" })).rejects.toThrow("NoSuchEntity");
  });
});

describe("a policy", () => {
  let user: Deployed;
  beforeEach(async () => {
    user = await provider.create(types.user, "reader", {});
  });

  test("may be given as an object", async () => {
    const made = await provider.create(types.policy, "p", { user: user.id, policy: allow });
    expect(JSON.parse(String(made.outputs.policy))).toEqual(allow);
    expect(made.id).toMatch(new RegExp(`^${user.id}:p-[0-9a-f]{7}$`));
  });

  test.each([
    ["no JSON", "{", "MalformedPolicyDocument"],
    ["no statements", JSON.stringify({ Statement: [] }), "at least one Statement"],
    ["another effect", JSON.stringify({ Statement: [{ Effect: "allow", Action: "*", Resource: "*" }] }), `not "allow"`],
    ["no actions", JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "*" }] }), "must contain actions"],
    ["no resources", JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*" }] }), "must contain resources"],
    ["too much", JSON.stringify({ Statement: [{ Effect: "Deny", Action: "x".repeat(2048), Resource: "*" }] }), "2048"],
  ])("fails with %s", async (_, policy, message) => {
    await expect(provider.create(types.policy, "p", { user: user.id, policy })).rejects.toThrow(message);
  });
});

describe("functions", () => {
  test("say who and where we are", async () => {
    expect(await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
      accountId: awsAccountId,
      arn: `arn:aws:iam::${awsAccountId}:user/contosso`,
    });
    await provider.configure({ region: "eu-north-1" });
    expect(await provider.invoke("aws:index/getRegion:getRegion")).toMatchObject({ region: "eu-north-1" });
    expect(await provider.invoke("aws:index/getPartition:getPartition")).toMatchObject({ partition: "aws" });
  });

  test("write a policy document", async () => {
    const statement = {
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: ["arn:aws:s3:::b"],
      conditions: [{ test: "StringLike", variable: "s3:prefix", values: ["members/*"] }],
    };
    const { minifiedJson } = await provider.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [statement],
    });
    expect(JSON.parse(String(minifiedJson))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::b",
          Condition: { StringLike: { "s3:prefix": "members/*" } },
        },
      ],
    });
  });
});
