// AWS as the doctor asks it: the SDK's own clients, which honour AWS's own variables (AWS_ENDPOINT_URL_STS, AWS_PROFILE and
// their like). It only reads.
import {
  GetAccountSummaryCommand,
  IAMClient,
  ListAccessKeysCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from "@aws-sdk/client-iam";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CleanRoomError, messageOf } from "../../../provider/errors";

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** What AWS refuses, or does not answer. */
export class AwsError extends CleanRoomError {}

/** Seconds until another try makes no sense. */
const PATIENCE = 10_000;

export interface AccountSettings {
  readonly region: string;
  /** Of AWS's own configuration files. @default AWS_PROFILE, else the default one */
  readonly profile?: string;
  /** Whether a bucket is named in the path, and not in the host's name. */
  readonly forcePathStyle: boolean;
}

export class Account {
  readonly #sts: STSClient;
  readonly #iam: IAMClient;
  readonly #s3: S3Client;

  constructor({ region, profile, forcePathStyle }: AccountSettings) {
    const requestHandler = { requestTimeout: PATIENCE, connectionTimeout: PATIENCE };
    const common = { region, profile, maxAttempts: 2, requestHandler };
    this.#sts = new STSClient(common);
    this.#iam = new IAMClient(common);
    this.#s3 = new S3Client({ ...common, forcePathStyle, followRegionRedirects: false });
  }

  async identity(): Promise<Identity> {
    const { Account: account, Arn: arn } = await asked(
      "sts:GetCallerIdentity",
      this.#sts.send(new GetCallerIdentityCommand()),
    );
    return { account: account ?? "", arn: arn ?? "" };
  }

  /** Those of `actions` that the user or role may not do to the resource, by its own policies and the organisation's. */
  async denied(principal: string, actions: readonly string[], resource: string): Promise<readonly string[]> {
    const denied: string[] = [];
    let marker: string | undefined;
    do {
      const about = { PolicySourceArn: principal, ActionNames: [...actions], ResourceArns: [resource] };
      const command = new SimulatePrincipalPolicyCommand({ ...about, Marker: marker });
      const answer: SimulatePrincipalPolicyCommandOutput = await asked(
        "iam:SimulatePrincipalPolicy",
        this.#iam.send(command),
      );
      for (const { EvalActionName, EvalDecision } of answer.EvaluationResults ?? []) {
        if (EvalDecision !== "allowed") denied.push(EvalActionName ?? "");
      }
      marker = answer.IsTruncated === true ? answer.Marker : undefined;
    } while (marker !== undefined);
    return denied;
  }

  /** How many users there are and may be, and how many access keys a user may have. */
  async quotas(): Promise<Readonly<Record<string, number>>> {
    const answer = await asked("iam:GetAccountSummary", this.#iam.send(new GetAccountSummaryCommand()));
    return answer.SummaryMap ?? {};
  }

  async accessKeys(user: string): Promise<number> {
    const ask = new ListAccessKeysCommand({ UserName: user });
    return (await asked("iam:ListAccessKeys", this.#iam.send(ask))).AccessKeyMetadata?.length ?? 0;
  }

  /** All of AWS shares bucket names. */
  async bucket(name: string): Promise<"free" | "ours" | "taken"> {
    try {
      await this.#s3.send(new HeadBucketCommand({ Bucket: name }));
      return "ours";
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === 404) return "free";
      // Refused, or in another region: it is there.
      if (status === 403 || status === 301 || status === 400) return "taken";
      throw new AwsError(`s3:HeadBucket ${name}: ${messageOf(error)}`, { cause: error });
    }
  }

  close(): void {
    for (const client of [this.#sts, this.#iam, this.#s3]) client.destroy();
  }
}

async function asked<T>(action: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new AwsError(`${action}: ${nameOf(error)}${messageOf(error)}`, { cause: error });
  }
}

const nameOf = (error: unknown): string =>
  error instanceof Error && error.name !== "Error" && !error.message.includes(error.name) ? `${error.name}: ` : "";
