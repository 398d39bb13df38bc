// What keeps a store or a vault from being reached, deleted or read unseen: networks, private endpoints, locks, protection
// and logs, the same for both.
import * as authorization from "@pulumi/azure-native/authorization";
import * as monitor from "@pulumi/azure-native/monitor";
import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

/** Zones for the names of private endpoints, by what is served there; Azure resource ids. */
export interface PrivateDnsZones {
  /** `privatelink.blob.core.windows.net` @default no name is registered: your network resolves it otherwise */
  readonly blob?: pulumi.Input<string>;
  /** `privatelink.dfs.core.windows.net`, of a hierarchical namespace. @default as above */
  readonly dfs?: pulumi.Input<string>;
  /** `privatelink.vaultcore.azure.net` @default as above */
  readonly vault?: pulumi.Input<string>;
}

export interface GuardArgs {
  /**
   * Public IPv4 addresses and ranges from which new account and vault can be reached: the clean room's, and of whoever
   * deploys and uploads. Every other network is denied.
   * @default none
   */
  readonly allowedAddresses?: pulumi.Input<string[]>;
  /**
   * Subnet (Azure resource id) in which account and vault get a private endpoint. Without `allowedAddresses` they have no
   * public address then: the clean room and whoever deploys have to be in that network. Another one replaces the endpoint.
   * @default no private endpoint
   */
  readonly privateEndpointSubnetId?: pulumi.Input<string>;
  /** Where the private endpoints' names are registered. @default nowhere */
  readonly privateDnsZones?: PrivateDnsZones;
  /**
   * Says that every network may reach account and vault, so that nothing is warned of: a token or role in the wrong hands
   * then works from anywhere.
   * @default false: without addresses and subnet the run warns
   */
  readonly openToEveryNetwork?: boolean;
  /** Log Analytics workspace (Azure resource id) that is told who read, wrote and deleted. @default nothing is logged here */
  readonly diagnosticsWorkspaceId?: pulumi.Input<string>;
  /** Tags of what is created. @default none */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether a management lock keeps everybody in Azure from deleting account and vault. Needs the right to write locks
   * (Owner, User Access Administrator). Caution: while it is there Azure deletes no role assignment on them either.
   * @default false
   */
  readonly lock?: boolean;
  /**
   * Whether Pulumi may delete account, container and vault, with the data and keys that are in them.
   * @default false: they are protected, and `pulumi state unprotect` lets one go
   */
  readonly deletable?: boolean;
}

/** What is guarded. */
export interface Guarded {
  /** Resource as a program names it: "BlobStore". */
  readonly kind: string;
  /** Name of the component. */
  readonly name: string;
  /** Part of the names of what is created: "store". */
  readonly what: "store" | "vault";
  /** Azure resource id of account or vault. */
  readonly id: pulumi.Output<string>;
  /** Resource group of what is created. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region of the private endpoint: the subnet's. @default the resource group's */
  readonly location: pulumi.Input<string> | undefined;
  /** What is served, as private endpoints name it. */
  readonly services: readonly {
    readonly groupId: "blob" | "dfs" | "vault";
    readonly zone: pulumi.Input<string> | undefined;
  }[];
  /** Azure resource id of what has logs, and which. */
  readonly logs: { readonly of: pulumi.Input<string>; readonly categories: readonly string[] };
}

/** Endpoints, logs and lock. @returns what has to be there before account or vault is used */
export function guard(
  { kind, name, what, id, resourceGroupName, location, services, logs }: Guarded,
  args: GuardArgs,
  parent: pulumi.ComponentResource,
): pulumi.Resource[] {
  const { privateEndpointSubnetId, allowedAddresses, openToEveryNetwork = false, diagnosticsWorkspaceId, lock } = args;
  if (privateEndpointSubnetId === undefined && allowedAddresses === undefined && !openToEveryNetwork) {
    void pulumi.log.warn(
      `${kind} '${name}' can be reached from every network. Name the clean room's addresses and yours in allowedAddresses, or a subnet in privateEndpointSubnetId; or say openToEveryNetwork: true.`,
      parent,
    );
  }
  const child = { parent };
  if (diagnosticsWorkspaceId !== undefined) {
    new monitor.DiagnosticSetting(
      `${name}-${what}-logs`,
      {
        resourceUri: logs.of,
        name: "cleanroom",
        workspaceId: diagnosticsWorkspaceId,
        logs: logs.categories.map((category) => ({ category, enabled: true })),
      },
      child,
    );
  }
  if (lock === true) {
    const notes = "Data and keys of a clean room's dataset: deleted, they are lost.";
    new authorization.ManagementLockByScope(
      `${name}-${what}-lock`,
      { scope: id, lockName: "cleanroom", level: "CanNotDelete", notes },
      child,
    );
  }
  if (privateEndpointSubnetId === undefined) {
    return [];
  }
  return services.flatMap(({ groupId, zone }) => {
    const endpoint = new network.PrivateEndpoint(
      `${name}-${groupId}-endpoint`,
      {
        resourceGroupName,
        location,
        tags: args.tags,
        subnet: { id: privateEndpointSubnetId },
        privateLinkServiceConnections: [{ name: groupId, privateLinkServiceId: id, groupIds: [groupId] }],
      },
      child,
    );
    if (zone === undefined) {
      return [endpoint];
    }
    const registered = new network.PrivateDnsZoneGroup(
      `${name}-${groupId}-names`,
      {
        resourceGroupName,
        privateEndpointName: endpoint.name,
        privateDnsZoneGroupName: "default",
        privateDnsZoneConfigs: [{ name: groupId, privateDnsZoneId: zone }],
      },
      child,
    );
    return [endpoint, registered];
  });
}

/** Whether there is a public address at all; undefined, Azure's default, where there is. */
export function publicAccessOf({ allowedAddresses, privateEndpointSubnetId }: GuardArgs): "Disabled" | undefined {
  return privateEndpointSubnetId !== undefined && allowedAddresses === undefined ? "Disabled" : undefined;
}

/** The ranges as rules, with everything else denied; undefined where every network is let in. */
export function denying<R>(
  { allowedAddresses, privateEndpointSubnetId }: GuardArgs,
  rule: (range: string) => R,
): { bypass: "None"; defaultAction: "Deny"; ipRules: pulumi.Output<R[]> } | undefined {
  return allowedAddresses === undefined && privateEndpointSubnetId === undefined
    ? undefined
    : {
        bypass: "None",
        defaultAction: "Deny",
        ipRules: pulumi.output(allowedAddresses ?? []).apply((ranges) => ranges.map(rule)),
      };
}

/** Pulumi's option for what can't be made again; undefined, it is what the component's is. */
export function protectionOf({ deletable = false }: GuardArgs): true | undefined {
  return deletable ? undefined : true;
}

/** Those of a component's arguments that its parts take as well. */
export function guardOf(args: GuardArgs): GuardArgs {
  const { allowedAddresses, privateEndpointSubnetId, privateDnsZones, openToEveryNetwork } = args;
  const { diagnosticsWorkspaceId, tags, lock, deletable } = args;
  return {
    allowedAddresses,
    privateEndpointSubnetId,
    privateDnsZones,
    openToEveryNetwork,
    diagnosticsWorkspaceId,
    tags,
    lock,
    deletable,
  };
}
