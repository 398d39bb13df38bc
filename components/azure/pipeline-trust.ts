// Which runs of a pipeline may sign in: issuer and subject of their tokens, as GitHub Actions and Azure DevOps write them.
import * as pulumi from "@pulumi/pulumi";

export interface GitHubTrust {
  /** `<owner>/<repository>` */
  readonly repository: string;
  /** Runs of this branch, such as `main`. Exactly one of branch, environment and pullRequest is given. @default none */
  readonly branch?: string;
  /** Runs in this environment, whose reviewers and branches GitHub checks first. @default none */
  readonly environment?: string;
  /** Runs of every pull request, forks apart. Caution: their code is nobody's yet, so give them `access: "preview"`. @default false */
  readonly pullRequest?: boolean;
  /** Issuer of a GitHub Enterprise Server: `https://<host>/_services/token`. @default GitHub's own */
  readonly issuer?: string;
}

export interface AzureDevOpsTrust {
  /** Name of the organisation. */
  readonly organization: string;
  /** Id (GUID) of the organisation. */
  readonly organizationId: string;
  /** Name of the project. */
  readonly project: string;
  /** Name of the service connection. Which branches, environments and approvals may use it are its checks in Azure DevOps. */
  readonly serviceConnection: string;
  /** As the service connection shows it, where it is another one. @default `https://vstoken.dev.azure.com/<organizationId>` */
  readonly issuer?: string;
  /** As the service connection shows it, where it is another one. @default `sc://<organization>/<project>/<serviceConnection>` */
  readonly subject?: string;
}

/** What a federated credential says. */
export interface PipelineTrust {
  /** Name of the credential. */
  readonly name: string;
  /** Issuer of the run's token. */
  readonly issuer: string;
  /** Whom the run's token is about. */
  readonly subject: string;
}

const GITHUB = "https://token.actions.githubusercontent.com";

/** @throws RunError for what names no run, or more than one kind of them */
export function gitHubTrust(name: string, trust: GitHubTrust): PipelineTrust {
  const { repository, branch, environment, pullRequest, issuer = GITHUB } = trust;
  if (!/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(repository)) {
    throw new pulumi.RunError(`GitHub trust '${name}': repository is '${repository}', not <owner>/<repository>.`);
  }
  const kinds = [
    ...(branch === undefined ? [] : [`ref:refs/heads/${branch}`]),
    ...(environment === undefined ? [] : [`environment:${environment}`]),
    ...(pullRequest === true ? ["pull_request"] : []),
  ];
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    throw new pulumi.RunError(
      `GitHub trust '${name}': name exactly one of branch, environment and pullRequest; a run's token is about one of them.`,
    );
  }
  if (/[*?\s]/.test(kind)) {
    throw new pulumi.RunError(
      `GitHub trust '${name}': '${kind}' has a wildcard or a space; Microsoft Entra compares letter by letter, so no run would ever match.`,
    );
  }
  return { name, issuer, subject: `repo:${repository}:${kind}` };
}

export function azureDevOpsTrust(name: string, trust: AzureDevOpsTrust): PipelineTrust {
  const { organization, organizationId, project, serviceConnection } = trust;
  return {
    name,
    issuer: trust.issuer ?? `https://vstoken.dev.azure.com/${organizationId}`,
    subject: trust.subject ?? `sc://${organization}/${project}/${serviceConnection}`,
  };
}
