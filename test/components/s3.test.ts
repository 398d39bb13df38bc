// Flow 2's parts: least rights in AWS, both secrets in governance, and no secret in the open.
import { BucketAccess, S3Dataset } from "../../components";
import { details, run, valueOf } from "../helpers/mocks";

const DOCUMENT = "pulumi-nodejs:dynamic/cleanroom:DatasetDocument";
const SECRET = "pulumi-nodejs:dynamic/cleanroom:ContractSecret";
const COMMAND = "command:local:Command";
const KEY = Buffer.alloc(32, 5).toString("base64");
const schema = { format: "csv", fields: [{ fieldName: "tier", fieldType: "string" }] } as const;
const dataset = { details, schema, allowedFields: ["tier"], region: "eu-west-1" };
const file = { path: "stacks/litware/members.csv", sha256: "cd".repeat(32) };

describe("BucketAccess", () => {
  const policyOf = (inputs: Readonly<Record<string, unknown>>): unknown => JSON.parse(inputs.policy as string);

  test("lists and gets below the prefix, and nothing else", async () => {
    const program = await run(() => new BucketAccess("members", { bucket: "b", prefix: "2026/members" }));
    expect(policyOf(program.the("aws:iam/userPolicy:UserPolicy").inputs)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: "arn:aws:s3:::b",
          Condition: { StringLike: { "s3:prefix": ["2026/members/*"] } },
        },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::b/2026/members/*" },
      ],
    });
    expect(program.children("cleanroom:aws:BucketAccess members")).toEqual([
      "aws:iam/accessKey:AccessKey members-key",
      "aws:iam/user:User members-reader",
      "aws:iam/userPolicy:UserPolicy members-policy",
    ]);
    expect(program.the("aws:iam/accessKey:AccessKey").waitsFor).toContain("members-policy");
  });

  test("also puts and deletes where results are written", async () => {
    const program = await run(() => new BucketAccess("members", { bucket: "b", accessMode: "write" }));
    expect(policyOf(program.the("aws:iam/userPolicy:UserPolicy").inputs)).toMatchObject({
      Statement: [
        { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::b" },
        { Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource: "arn:aws:s3:::b/*" },
      ],
    });
  });

  test("has the connection secret as the clean room expects it, and secret", async () => {
    let access: BucketAccess | undefined;
    await run(() => {
      access = new BucketAccess("members", { bucket: "b" });
    });
    const { value, secret } = await valueOf(access!.connectionSecret);
    expect(Object.keys(JSON.parse(value) as object)).toEqual(["awsAccessKeyId", "awsSecretAccessKey"]);
    expect(value).toContain("canary-access-key");
    expect(secret).toBe(true);
  });
});

describe("an access key with a label", () => {
  const KEY_TYPE = "aws:iam/accessKey:AccessKey";
  const PROOF = "pulumi-nodejs:dynamic/cleanroom:AccessKeyProof";
  const place = { bucket: "b", prefix: "members", region: "eu-west-1", rotation: "v2" };

  test("is another key, and is handed on only once it has listed bucket and prefix", async () => {
    let access: BucketAccess | undefined;
    const program = await run(() => {
      access = new BucketAccess("members", place);
    });
    expect(program.the(KEY_TYPE).name).toBe("members-key-v2");
    expect(program.the(PROOF).inputs).toMatchObject({
      bucket: "b",
      prefix: "members",
      region: "eu-west-1",
      url: "https://s3.eu-west-1.amazonaws.com",
    });
    expect(program.the(PROOF).secrets).toEqual(["secretAccessKey"]);
    const { value, secret } = await valueOf(access!.connectionSecret);
    expect(JSON.parse(value)).toEqual({ awsAccessKeyId: "proven", awsSecretAccessKey: "canary-access-key" });
    expect(secret).toBe(true);
  });

  test("is passed on by a dataset, with the endpoint that it has", async () => {
    const given = { ...dataset, accessKeyRotation: "v2", details: { ...details, s3EndpointUrl: "https://s3.example" } };
    const program = await run(() => new S3Dataset("members", given));
    expect(program.the(KEY_TYPE).name).toBe("members-key-v2");
    expect(program.the(PROOF).inputs).toMatchObject({ url: "https://s3.example", bucket: "members-bucket" });
    expect(program.the(SECRET, "members-connection").waitsFor).toContain("members-key-v2-proof");
  });

  test.each([
    [
      "a place without its region",
      () => new BucketAccess("m", { bucket: "b", rotation: "v2" }),
      "name the bucket's region",
    ],
    ["a label that is none", () => new BucketAccess("m", { ...place, rotation: "v 2" }), "rotation is 'v 2'"],
    [
      "a key that comes from elsewhere",
      () => new S3Dataset("members", { ...dataset, accessKeyRotation: "v2", connectionSecret: "{}" }),
      "accessKeyRotation is of a user that is made, and connectionSecret brings its own key",
    ],
  ])("fails with %s", async (_what, program, problem) => {
    await expect(run(program)).rejects.toThrow(problem);
  });
});

describe("S3Dataset", () => {
  const whole = { ...dataset, prefix: "members", encryptionKey: KEY, data: file };

  test("has everything from the bucket to the document", async () => {
    const program = await run(() => new S3Dataset("members", whole));
    expect(program.children("cleanroom:aws:S3Dataset members")).toEqual(
      [
        "aws:s3/bucket:Bucket members-bucket",
        "aws:s3/bucketPolicy:BucketPolicy members-tls-only",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock members-private",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration members-encryption",
        "aws:s3/bucketVersioning:BucketVersioning members-versions",
        "cleanroom:aws:BucketAccess members",
        "cleanroom:index:Upload members",
        `${SECRET} members-connection`,
        `${SECRET} members-key`,
        `${DOCUMENT} members`,
      ].sort(),
    );
    expect(program.the(DOCUMENT).inputs).toEqual({
      name: "members",
      store: {
        containerName: "members-bucket",
        storageAccountUrl: "https://s3.eu-west-1.amazonaws.com",
        storageAccountType: "Aws_S3",
        encryptionMode: "CSE",
        awsCgsSecretId: "owner_members-connection",
        subdirectory: "members",
      },
      dek: { cgsSecretId: "owner_members-key" },
      datasetSchema: schema,
      datasetAccessPolicy: { accessMode: "read", allowedFields: ["tier"] },
    });
    expect(program.the(DOCUMENT).waitsFor).toEqual(
      expect.arrayContaining(["members-connection", "members-key", "members-upload"]),
    );
  });

  test("closes its bucket to the public before anything is put into it", async () => {
    const program = await run(() => new S3Dataset("members", whole));
    expect(program.the("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(program.the(COMMAND).waitsFor).toContain("members-private");
  });

  test("keeps versions, encrypts and refuses plain HTTP, before anything is put into it", async () => {
    const program = await run(() => new S3Dataset("members", whole));
    expect(
      program.the("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs,
    ).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    expect(program.the("aws:s3/bucketVersioning:BucketVersioning").inputs).toMatchObject({
      bucket: "members-bucket",
      versioningConfiguration: { status: "Enabled" },
    });
    const { policy } = program.the("aws:s3/bucketPolicy:BucketPolicy").inputs;
    expect(JSON.parse(String(policy))).toMatchObject({
      Statement: [
        { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
    const first = ["members-encryption", "members-private", "members-tls-only", "members-versions"];
    expect(program.the(COMMAND).waitsFor).toEqual(expect.arrayContaining(first));
  });

  test("does without versions, and takes plain HTTP, where just that is said", async () => {
    const program = await run(() => new S3Dataset("members", { ...whole, keepNoVersions: true, allowPlainHttp: true }));
    const children = program.children("cleanroom:aws:S3Dataset members").filter((child) => child.startsWith("aws:s3/"));
    expect(children.map((child) => child.split(" ")[1])).toEqual([
      "members-bucket",
      "members-private",
      "members-encryption",
    ]);
  });

  test("is emptied and deleted only where that is said", async () => {
    const bucketOf = async (deletable?: boolean): Promise<unknown> =>
      (await run(() => new S3Dataset("members", { ...whole, deletable }))).the("aws:s3/bucket:Bucket").inputs;
    expect(await bucketOf()).toMatchObject({ forceDestroy: false });
    expect(await bucketOf(true)).toMatchObject({ forceDestroy: true });
  });

  test("has neither of its secrets anywhere but as a secret", async () => {
    const program = await run(() => new S3Dataset("members", whole));
    expect(program.the(SECRET, "members-connection").secrets).toEqual(["value"]);
    expect(program.the(SECRET, "members-key")).toMatchObject({
      inputs: { name: "members-key", value: KEY, encoding: "base64" },
      secrets: ["value"],
    });
    expect(program.the(COMMAND).secrets).toContain("stdin");
    for (const { name, inputs, secrets } of program.all) {
      for (const [key, value] of Object.entries(inputs)) {
        const text = JSON.stringify(value);
        const open = (text.includes(KEY) || text.includes("canary-access-key")) && !secrets.includes(key);
        expect([name, key, open]).toEqual([name, key, false]);
      }
    }
  });

  test("hands the key to the upload by its standard input, never in its environment", async () => {
    const program = await run(() => new S3Dataset("members", whole));
    const { stdin, environment, triggers } = program.the(COMMAND).inputs;
    expect(stdin).toBe(KEY);
    expect(JSON.stringify([environment, triggers])).not.toContain(KEY);
    expect(JSON.parse((environment as { CLEANROOM_UPLOAD: string }).CLEANROOM_UPLOAD)).toEqual({
      objectName: "members.csv",
      file: file.path,
      sha256: file.sha256,
      destination: {
        kind: "s3",
        url: "https://s3.eu-west-1.amazonaws.com",
        bucket: "members-bucket",
        region: "eu-west-1",
        prefix: "members",
      },
      encryptionMode: "CSE",
    });
  });

  test("relies on the bucket's own encryption where there is no key", async () => {
    const program = await run(() => new S3Dataset("members", { ...dataset, data: file }));
    expect(program.the(DOCUMENT).inputs).toMatchObject({ store: { encryptionMode: "SSE" } });
    expect(program.the(DOCUMENT).inputs.dek).toBeUndefined();
    expect(program.the(COMMAND).inputs.stdin).toBeUndefined();
  });

  test("takes a bucket and a connection that exist, at another endpoint", async () => {
    const program = await run(
      () =>
        new S3Dataset("members", {
          ...dataset,
          details: { ...details, s3EndpointUrl: "https://s3.example" },
          existingBucket: "mine",
          connectionSecret: '{"awsAccessKeyId":"a","awsSecretAccessKey":"b"}',
        }),
    );
    expect(program.children("cleanroom:aws:S3Dataset members")).toEqual(
      [`${DOCUMENT} members`, `${SECRET} members-connection`].sort(),
    );
    expect(program.the(DOCUMENT).inputs.store).toMatchObject({
      containerName: "mine",
      storageAccountUrl: "https://s3.example",
    });
  });

  test.each([
    ["of another size", Buffer.alloc(16).toString("base64"), "16 bytes"],
    ["that is no base64", "canary", "4 bytes"],
  ])("fails with a key %s, without showing it", async (_what, encryptionKey, size) => {
    const failure = await run(() => new S3Dataset("members", { ...whole, encryptionKey })).then(() => "", String);
    expect(failure).toContain(`encryptionKey decodes to ${size}: give base64 of 32 random bytes`);
    expect(failure).not.toContain(encryptionKey);
  });

  test("is shown in preview, when nothing has an id yet", async () => {
    let document: S3Dataset["documentId"] | undefined;
    const program = await run(
      () => {
        ({ documentId: document } = new S3Dataset("members", whole));
      },
      { preview: true },
    );
    expect(program.the(DOCUMENT).inputs).toMatchObject({ name: "members", datasetSchema: schema });
    expect((await valueOf(document!)).known).toBe(false);
  });
});
