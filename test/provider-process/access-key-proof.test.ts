// An access key is proved by a real listing, waited for while AWS does not know it yet, and never shown.
import * as tls from "node:tls";
import type { AccessKeyFacts, BucketFacts } from "../../sandbox/clouds";
import { startBuckets, type Buckets } from "../../sandbox/dataplanes/s3";
import { collaborator } from "../../sandbox/world";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startProviderProcess, type Kind, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { expectUnknownsPass } from "../helpers/unknown-values";

const { awsAccountId: account } = collaborator("litware");
const bucket: BucketFacts = { name: "litware-members", owner: "litware", account, region: "eu-west-1" };
const SECRET = "canary/secret+of/an+access/key";

let room: TestRoom;
let buckets: Buckets;
let process: ProviderProcess;
let proofs: Kind;
let keys: Record<string, AccessKeyFacts> = {};
let count = 0;

beforeAll(async () => {
  room = await startTestRoom();
  const { context, home, tls: own } = room.services;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), own.ca]);
  const world = {
    bucket: (name: string) => (name === bucket.name ? bucket : undefined),
    iamByAccessKey: (id: string) => keys[id],
  };
  buckets = await startBuckets(context, world, context.gate);
  const config = await room.config("litware", { deadlineSeconds: "5" });
  process = await startProviderProcess(config, { NODE_EXTRA_CA_CERTS: home.path("ca.pem") });
  proofs = process.kind("AccessKeyProof");
});
beforeEach(() => {
  keys = {};
});
afterAll(async () => {
  await process.end();
  await buckets.stop();
  await room.end();
});

const inputs = (): Properties & { readonly accessKeyId: string } => ({
  accessKeyId: `AKIA${String((count += 1)).padStart(16, "0")}`,
  secretAccessKey: SECRET,
  url: buckets.url,
  bucket: bucket.name,
  prefix: "members",
  region: bucket.region,
});

/** IAM knows the key from now on, with rights on a folder. */
function know(accessKeyId: string, folder = "members", secret = SECRET): void {
  const Statement = [
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${bucket.name}`,
      Condition: { StringLike: { "s3:prefix": [`${folder}/*`] } },
    },
  ];
  const policies = [JSON.stringify({ Version: "2012-10-17", Statement })];
  const user = { user: "reader", userArn: `arn:aws:iam::${account}:user/reader`, account };
  keys[accessKeyId] = { ...user, secret, status: "Active", policies };
}

test("a key that lists its folder is proved; another one is another proof, and another folder is tried, too", async () => {
  const given = inputs();
  know(given.accessKeyId);
  const { id, state } = await proofs.create(given);
  expect([id, state.provenKeyId]).toEqual([given.accessKeyId, given.accessKeyId]);
  expect(await proofs.diff(id, state, given)).toEqual({ changes: false, replaces: [] });
  expect((await proofs.diff(id, state, { ...given, accessKeyId: "AKIAOTHER" })).replaces).toEqual(["accessKeyId"]);
  await expect(proofs.update(id, state, { ...given, prefix: "stores" })).rejects.toThrow("AccessDenied");
  expect((await proofs.read(id, state))?.state.provenKeyId).toBe(given.accessKeyId);
});

test("a key that AWS does not know yet is waited for", async () => {
  const given = inputs();
  const creating = proofs.create(given);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  know(given.accessKeyId);
  expect((await creating).state.provenKeyId).toBe(given.accessKeyId);
});

test.each([
  ["AWS never gets to know", () => undefined, "InvalidAccessKeyId"],
  ["has another secret", (id: string) => know(id, "members", "other"), "SignatureDoesNotMatch"],
  ["has no right to the folder", (id: string) => know(id, "stores"), "AccessDenied"],
])(
  "fails at the deadline with a key that %s, and tells what S3 said without the secret",
  async (_what, prepare, code) => {
    const given = inputs();
    prepare(given.accessKeyId);
    const failure = await proofs.create(given).then(() => "", String);
    expect(failure).toContain(
      `Access key '${given.accessKeyId}' on bucket 'litware-members' of ${buckets.url}: listing answered 403 ${code}`,
    );
    expect(failure).toContain("until the deadline of AccessKeyProof create (5 s). The earlier key, if there is one");
    expect(failure).not.toContain(SECRET);
  },
);

test("fails at once with a bucket that is not there", async () => {
  const given = { ...inputs(), bucket: "nobodys" };
  know(given.accessKeyId);
  const start = Date.now();
  await expect(proofs.create(given)).rejects.toThrow("listing answered 404 NoSuchBucket");
  expect(Date.now() - start).toBeLessThan(3_000);
});

test.each([
  ["an endpoint that is none", { url: "s3.example" }, "url is 's3.example': give S3's endpoint"],
  ["no key", { accessKeyId: "" }, "accessKeyId is empty"],
])("fails with %s", async (_what, change, problem) => {
  expect((await proofs.check({ ...inputs(), ...change })).join()).toContain(problem);
});

test("values that are not known yet pass check and diff", async () => {
  const given = inputs();
  know(given.accessKeyId);
  const { id, state } = await proofs.create(given);
  await expectUnknownsPass(proofs, given, id, state);
});
