// Who deploys: the administrator of a collaborator's AWS account, the same for the provider, for S3, IAM and STS.
import { createHash } from "node:crypto";
import type { Collaborator } from "../../world";

interface Administrator {
  readonly name: string;
  readonly arn: string;
  readonly userId: string;
}

export function administratorOf({ awsAccountId, name }: Collaborator): Administrator {
  const digest = createHash("sha256").update(`${awsAccountId}/${name}`).digest("hex");
  const arn = `arn:aws:iam::${awsAccountId}:user/${name}`;
  return { name, arn, userId: `AIDA${digest.slice(0, 17).toUpperCase()}` };
}
