// Whom a repository's pipeline signs in as: an application without any secret, with rights for one stack.
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { childAliases, componentOptions } from "../options";
import {
  azureDevOpsTrust,
  gitHubTrust,
  type AzureDevOpsTrust,
  type GitHubTrust,
  type PipelineTrust,
} from "./pipeline-trust";
import { assignRole, ROLES } from "./role";

export interface PipelineIdentityArgs {
  /** Name of the application, as people see it. @default the resource's name */
  readonly displayName?: pulumi.Input<string>;
  /** Runs of GitHub Actions that may sign in, each under a name of its own; another name replaces the credential. @default none */
  readonly github?: Readonly<Record<string, GitHubTrust>>;
  /** Service connections of Azure DevOps that may sign in, each under a name of its own. @default none */
  readonly azureDevOps?: Readonly<Record<string, AzureDevOpsTrust>>;
  /** Azure resource ids of the resource groups that the stack is in, each under a name of its own. */
  readonly resourceGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Azure resource id of the blob container with the stack's state: read and written in either case, since a preview locks
   * the state, too.
   * @default the state is elsewhere
   */
  readonly stateContainerId?: pulumi.Input<string>;
  /**
   * `deploy` gives Contributor on the resource groups, and the right to assign there the data roles that this package
   * assigns, and no others; `preview` gives Reader. Another one replaces the assignments.
   * @default "deploy"
   */
  readonly access?: "deploy" | "preview";
}

/** What members of the consortium have to be sent, before the pipeline may call governance and frontend. */
export interface PipelineRegistration {
  /** Object id that its tokens bear (`oid`): who owns what it publishes. */
  readonly objectId: string;
  /** Tenant that they bear (`tid`). */
  readonly tenantId: string;
  /** Client id that they bear (`appid`): how the frontend knows it. */
  readonly identifier: string;
  /** What a member of the consortium runs to propose it; the members then accept. */
  readonly command: string;
}

/**
 * Application and service principal; a federated credential for each branch, environment, pull request or service
 * connection that is named; rights on the stack's resource groups and state, and nowhere else. It is a collaborator of
 * its own: what it publishes is its own, not its maker's, and only the consortium's members can register it.
 *
 * @example
 * const pipeline = new PipelineIdentity("contosso", {
 *   github: { main: { repository: "contosso/cleanroom", branch: "main" } },
 *   resourceGroupIds: { data: group.id },
 * });
 * export const register = pipeline.registration.command;
 */
export class PipelineIdentity extends pulumi.ComponentResource {
  /** Client id (GUID): AZURE_CLIENT_ID, or ARM_CLIENT_ID, of the pipeline. */
  readonly clientId: pulumi.Output<string>;
  /** Object id of the service principal: what roles are assigned to, and who owns what the pipeline publishes. */
  readonly principalId: pulumi.Output<string>;
  /** Tenant (GUID): AZURE_TENANT_ID, or ARM_TENANT_ID. */
  readonly tenantId: pulumi.Output<string>;
  /** What has to be sent to the consortium's members. */
  readonly registration: pulumi.Output<PipelineRegistration>;

  constructor(name: string, args: PipelineIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:PipelineIdentity", name, {}, componentOptions("PipelineIdentity", name, opts));
    const child = { parent: this };
    const trusts = trustsOf(name, args);
    const application = new azuread.Application(
      name,
      { displayName: args.displayName ?? name, signInAudience: "AzureADMyOrg" },
      { ...child, aliases: childAliases(opts, name) },
    );
    const principal = new azuread.ServicePrincipal(`${name}-principal`, { clientId: application.clientId }, child);
    trusts.reduce<pulumi.Resource[]>(
      (before, { name: displayName, issuer, subject }) => [
        new azuread.ApplicationFederatedIdentityCredential(
          `${name}-${displayName}`,
          { applicationId: application.id, displayName, issuer, subject, audiences: [AUDIENCE] },
          // Entra takes one write to an application at a time.
          { ...child, dependsOn: before },
        ),
      ],
      [],
    );
    this.#roles(name, args, principal.objectId);
    this.clientId = application.clientId;
    this.principalId = principal.objectId;
    this.tenantId = principal.applicationTenantId;
    this.registration = pulumi
      .all([this.principalId, this.tenantId, this.clientId])
      .apply(([objectId, tenantId, identifier]) => ({
        objectId,
        tenantId,
        identifier,
        command: `az cleanroom governance user-identity add --object-id ${objectId} --tenant-id ${tenantId} --identifier ${identifier} --account-type microsoft`,
      }));
    this.registerOutputs({
      clientId: this.clientId,
      principalId: this.principalId,
      tenantId: this.tenantId,
      registration: this.registration,
    });
  }

  #roles(name: string, args: PipelineIdentityArgs, principalId: pulumi.Output<string>): void {
    const { resourceGroupIds, stateContainerId, access = "deploy" } = args;
    const who = { principalId, principalType: "ServicePrincipal" } as const;
    const child = { parent: this };
    for (const [group, scope] of Object.entries(resourceGroupIds)) {
      if (access === "preview") {
        assignRole(`${name}-${group}-reader`, { scope, role: "Reader", ...who }, child);
        continue;
      }
      assignRole(`${name}-${group}-contributor`, { scope, role: "Contributor", ...who }, child);
      const role = "Role Based Access Control Administrator";
      assignRole(`${name}-${group}-roles`, { scope, role, condition: onlyDataRoles(), ...who }, child);
    }
    if (stateContainerId !== undefined) {
      const role = "Storage Blob Data Contributor";
      assignRole(`${name}-state`, { scope: stateContainerId, role, ...who }, child);
    }
  }
}

const AUDIENCE = "api://AzureADTokenExchange";
/** As many as Entra takes on one application. */
const MOST = 20;

/** @throws RunError where Entra would take neither that many nor such a name, or nobody could sign in */
function trustsOf(name: string, { github = {}, azureDevOps = {} }: PipelineIdentityArgs): readonly PipelineTrust[] {
  const trusts = [
    ...Object.entries(github).map(([key, trust]) => gitHubTrust(key, trust)),
    ...Object.entries(azureDevOps).map(([key, trust]) => azureDevOpsTrust(key, trust)),
  ];
  const problem = (what: string): pulumi.RunError => new pulumi.RunError(`PipelineIdentity '${name}': ${what}`);
  if (trusts.length === 0) {
    throw problem("nobody could sign in as it: name runs in github, or service connections in azureDevOps.");
  }
  if (trusts.length > MOST) {
    throw problem(`${trusts.length} runs are named, but Entra takes ${MOST} federated credentials on one application.`);
  }
  trusts.forEach(({ name: key, issuer, subject }, index) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9-_]{0,119}$/.test(key)) {
      throw problem(`'${key}' can't be a credential's name: use letters, digits, hyphens and underscores.`);
    }
    const before = trusts.slice(0, index);
    if (before.some((each) => each.name === key || (each.issuer === issuer && each.subject === subject))) {
      throw problem(`'${key}' has the name, or issuer and subject (${subject}), of another one: name each once.`);
    }
  });
  return trusts;
}

/** Data roles alone: neither Owner nor whatever else could be given to oneself (Azure role assignment conditions). */
function onlyDataRoles(): string {
  const ids = `{${Object.values(ROLES).join(", ")}}`;
  const only = (action: string, source: string): string =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals ${ids}))`;
  return `${only("write", "Request")} AND ${only("delete", "Resource")}`;
}
