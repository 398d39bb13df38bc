// The managed identity that the clean room signs in as, and the federated credential that lets it.
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import { identityName } from "../names";
import { childAliases, componentOptions } from "../options";

export interface WorkloadIdentityArgs {
  /** Resource group of the identity. Another one replaces it. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces the identity. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Name of a managed identity that exists in the resource group, to be used as it is. @default one is created */
  readonly existingIdentityName?: pulumi.Input<string>;
  /** The clean room to trust. A change updates the credential. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
}

/**
 * An identity of ours that the attested clean room, and nobody else, can sign in as. Issuer, subject and audience are
 * the ones the frontend names; the subject is `<contract id>-<our object id>`.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  /** Name of the managed identity. */
  readonly name: pulumi.Output<string>;
  /** Client id (GUID): what the clean room signs in as. */
  readonly clientId: pulumi.Output<string>;
  /** Object id: what roles are assigned to. */
  readonly principalId: pulumi.Output<string>;
  /** Tenant (GUID) of the identity. */
  readonly tenantId: pulumi.Output<string>;
  /** Issuer of the clean room's tokens. */
  readonly issuerUrl: pulumi.Output<string>;
  /** Subject that the federated credential trusts. */
  readonly subject: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:WorkloadIdentity", name, {}, componentOptions("WorkloadIdentity", name, opts));
    const { resourceGroupName, details = getCleanRoomDetails() } = args;
    const identity = this.#identity(name, args, childAliases(opts, name, managedIdentityName));
    const { issuerUrl, subject, audience } = pulumi.output(details).cleanroomIdentity;
    const credential = new managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: `${identityName(name)}-cleanroom`,
        issuer: issuerUrl,
        subject,
        audiences: [audience],
      },
      { parent: this },
    );
    this.name = identity.name;
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;
    this.issuerUrl = credential.issuer;
    this.subject = credential.subject;
    this.registerOutputs({
      name: this.name,
      clientId: this.clientId,
      principalId: this.principalId,
      tenantId: this.tenantId,
      issuerUrl: this.issuerUrl,
      subject: this.subject,
    });
  }

  #identity(
    name: string,
    { resourceGroupName, location, existingIdentityName }: WorkloadIdentityArgs,
    aliases: pulumi.Input<pulumi.Alias>[],
  ): Identity {
    return existingIdentityName === undefined
      ? new managedidentity.UserAssignedIdentity(
          managedIdentityName(name),
          { resourceGroupName, location },
          { parent: this, aliases },
        )
      : managedidentity.getUserAssignedIdentityOutput(
          { resourceGroupName, resourceName: existingIdentityName },
          { parent: this },
        );
  }
}

const managedIdentityName = (name: string): string => `${identityName(name)}-identity`;

interface Identity {
  readonly name: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
}
