// AWS, before the first `up`: who is signed in, and whether that user may create what the stack needs, and can.
import type { ConfigLookup } from "../../../provider/host";
import { messageOf } from "../../../provider/errors";
import { type Found, looked, ok, problem, unchecked } from "../check";
import { isOf, type Need, type Needs, text } from "../needs";
import { Account, AwsError, type Identity } from "./account";
import { checkRights } from "./rights";

export interface AwsAsk {
  readonly stack: string;
  readonly needs: Needs;
  readonly config: ConfigLookup;
  readonly env: NodeJS.ProcessEnv;
}

/** What the checks are about. */
export interface Site {
  readonly account: Account;
  readonly identity: Identity;
  /** The stack's resources in AWS. */
  readonly needed: readonly Need[];
}

export const SIGN_IN =
  "aws sso login, or aws configure, or AWS_PROFILE; in a pipeline a role with AWS_WEB_IDENTITY_TOKEN_FILE";

export async function checkAws({ stack, needs, config, env }: AwsAsk): Promise<readonly Found[]> {
  const needed = needs.resources.filter((need) => isOf("aws", need));
  if (needed.length === 0) {
    return [];
  }
  const elsewhere = elsewhereThanAws(env);
  if (elsewhere !== undefined) {
    return [elsewhere];
  }
  const region = config("aws:region") ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region === undefined) {
    return [problem("region", "none is named", `pulumi config set --stack ${stack} aws:region <region>`)];
  }
  // A bucket's own host name is AWS's alone.
  const forcePathStyle = (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? "") !== "";
  const account = new Account({ region, profile: config("aws:profile"), forcePathStyle });
  try {
    return [...(await checkAccount(account, needed)), ...assumed(config)];
  } finally {
    account.close();
  }
}

async function checkAccount(account: Account, needed: readonly Need[]): Promise<readonly Found[]> {
  let identity: Identity;
  try {
    identity = await account.identity();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const rest = unchecked(
      "rights, quotas, names",
      "nobody is signed in",
      "mend the line above, and run the doctor again",
    );
    return [problem("sign-in", messageOf(error), SIGN_IN), rest];
  }
  const site: Site = { account, identity, needed };
  const checks = [checkRights, checkQuotas, checkNames];
  const who = ok("sign-in", `${identity.arn} of account ${identity.account}`);
  return [who, ...(await Promise.all(checks.map((check) => check(site)))).flat()];
}

/** A role that the provider alone assumes is not the one that is asked about here. */
function assumed(config: ConfigLookup): readonly Found[] {
  const key = ["aws:assumeRole", "aws:assumeRoles"].find((each) => config(each) !== undefined);
  const why = `the AWS provider assumes the role of ${key ?? ""}, and the lines above are about who is signed in`;
  const remedy = "run the doctor with a profile (AWS_PROFILE) that assumes this role";
  return key === undefined ? [] : [unchecked("provider's sign-in", why, remedy)];
}

/** Who has S3 elsewhere has no account to be asked at AWS. */
function elsewhereThanAws(env: NodeJS.ProcessEnv): Found | undefined {
  const { AWS_ENDPOINT_URL_S3: s3 = "", AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL: all } = env;
  const isAws = s3 === "" || /(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(s3).hostname);
  const why = `S3 is at ${s3} (AWS_ENDPOINT_URL_S3), and no STS and IAM are named beside it`;
  const remedy = "set AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL_IAM, where these services are there";
  return isAws || sts !== undefined || all !== undefined
    ? undefined
    : unchecked("sign-in, rights, quotas, names", why, remedy);
}

async function checkQuotas({ account, needed }: Site): Promise<readonly Found[]> {
  const what = "quota";
  const made = (type: string): readonly Need[] => needed.filter((need) => need.type === type && need.isNew);
  const users = made("aws:iam/user:User").length;
  const known = new Map<string, number>();
  for (const { inputs } of made("aws:iam/accessKey:AccessKey")) {
    const user = text(inputs.user);
    if (user !== "") known.set(user, (known.get(user) ?? 0) + 1);
  }
  if (users === 0 && known.size === 0) {
    return [];
  }
  return looked(what, "ask for iam:GetAccountSummary and iam:ListAccessKeys", async () => {
    const { Users = 0, UsersQuota = Infinity, AccessKeysPerUserQuota: most = 2 } = await account.quotas();
    const full = await Promise.all(
      [...known].map(async ([user, more]) => ({ user, has: await account.accessKeys(user), more })),
    );
    const over = full.filter(({ has, more }) => has + more > most);
    const says = `${Users} of ${UsersQuota} IAM users, ${users} more wanted`;
    if (Users + users > UsersQuota) {
      return problem(what, says, "ask for a higher quota of IAM users, or give connectionSecret in the program");
    }
    return over.length === 0
      ? ok(what, `${says}; ${most} access keys a user`)
      : over.map(({ user, has, more }) =>
          problem(
            what,
            `user ${user} has ${has} of ${most} access keys, ${more} more wanted`,
            `aws iam list-access-keys --user-name ${user}\naws iam delete-access-key --user-name ${user} --access-key-id <the one not in use>`,
          ),
        );
  });
}

async function checkNames({ account, needed }: Site): Promise<readonly Found[]> {
  const what = "names";
  const buckets = needed.filter(({ type, isNew }) => type === "aws:s3/bucket:Bucket" && isNew);
  const names = buckets.map(({ inputs }) => text(inputs.bucket)).filter((name) => name !== "");
  if (names.length === 0) {
    const why = "no preview says which they are";
    return buckets.length === 0 ? [] : [unchecked(what, why, "mend what the preview's line names")];
  }
  return looked(what, "ask for s3:ListBucket", async () => {
    const states = await Promise.all(names.map(async (name) => ({ name, state: await account.bucket(name) })));
    const taken = states.filter(({ state }) => state !== "free");
    return taken.length === 0
      ? ok(what, `free: ${names.join(", ")}`)
      : taken.map(({ name, state }) => {
          const found = state === "ours" ? `bucket ${name} is there already` : `bucket ${name} is somebody else's`;
          const ours = state === "ours" ? `existingBucket: "${name}", or ` : "";
          return problem(what, found, `${ours}another name for the component`);
        });
  });
}
