// The managed identity that the clean room signs in as, and the federated credentials that let it.
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import { identityName } from "../names";
import { childAliases, componentOptions } from "../options";
import { federate, type TrustedRoom } from "./federated-credentials";

export interface WorkloadIdentityArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: string;
  /** Resource group of the identity. Another one replaces it. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. Another one replaces the identity. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /**
   * Name of a managed identity that exists in the resource group, to be used as it is. A federated credential that it has
   * of the clean room's issuer and subject, under whatever name, is taken as it is: Azure refuses a second one.
   * @default one is created
   */
  readonly existingIdentityName?: pulumi.Input<string>;
  /** The clean room to trust. A change updates the credential. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
  /**
   * Further clean rooms that may sign in as it, each under a name of its own (letters, digits, hyphens): 20 with the
   * first are the most that Azure takes. Another name makes another credential. @default none
   */
  readonly alsoTrusts?: Readonly<Record<string, pulumi.Input<CleanRoomDetails>>>;
  /** Tags of the new identity. @default none */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * An identity of ours that the attested clean rooms named, and nobody else, can sign in as. Issuer, subject and audience are
 * the ones the frontend names; the subject is `<contract id>-<our object id>`.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  /** Azure resource id of the managed identity. */
  readonly id: pulumi.Output<string>;
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
    const { collaboration, resourceGroupName, existingIdentityName } = args;
    const rooms = trustedRooms(name, args);
    const identity = this.#identity(name, args, childAliases(opts, name, managedIdentityName));
    const trust = federate(
      { collaboration },
      {
        resourceGroupName,
        identityName: identity.name,
        existingId: existingIdentityName === undefined ? undefined : identity.id,
        rooms,
      },
      this,
    );
    this.id = identity.id;
    this.name = identity.name;
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;
    this.issuerUrl = trust.issuerUrl;
    this.subject = trust.subject;
    this.registerOutputs({
      id: this.id,
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
    { resourceGroupName, location, existingIdentityName, tags }: WorkloadIdentityArgs,
    aliases: pulumi.Input<pulumi.Alias>[],
  ): Identity {
    return existingIdentityName === undefined
      ? new managedidentity.UserAssignedIdentity(
          managedIdentityName(name),
          { resourceGroupName, location, tags },
          { parent: this, aliases },
        )
      : managedidentity.getUserAssignedIdentityOutput(
          { resourceGroupName, resourceName: existingIdentityName },
          { parent: this },
        );
  }
}

const managedIdentityName = (name: string): string => `${identityName(name)}-identity`;

/** As many as Azure takes on one identity (Microsoft Entra, workload identity federation). */
const MOST_ROOMS = 20;

/** @throws RunError where Azure would take neither that many nor such a name */
function trustedRooms(name: string, { collaboration, details, alsoTrusts = {} }: WorkloadIdentityArgs): TrustedRoom[] {
  const others = Object.entries(alsoTrusts);
  if (others.length >= MOST_ROOMS) {
    throw new pulumi.RunError(
      `WorkloadIdentity '${name}': ${others.length + 1} clean rooms are to sign in as it, but Azure takes ${MOST_ROOMS} federated credentials on one identity. Give some of them another identity.`,
    );
  }
  const wrong = others.find(([key]) => !/^[A-Za-z0-9-]{1,20}$/.test(key));
  if (wrong !== undefined) {
    throw new pulumi.RunError(
      `WorkloadIdentity '${name}': alsoTrusts has '${wrong[0]}', which can't be part of a credential's name: use 1 to 20 letters, digits and hyphens.`,
    );
  }
  const first = details ?? getCleanRoomDetails({ collaboration });
  return [
    { resource: `${name}-credential`, credential: `${identityName(name)}-cleanroom`, details: first },
    ...others.map(([key, room]) => ({
      resource: `${name}-${key}-credential`,
      credential: `${identityName(name)}-${key}-cleanroom`,
      details: room,
    })),
  ];
}

interface Identity {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
}
