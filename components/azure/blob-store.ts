// A storage account with one private container, closed to everything but Azure's own sign-in.
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { StoreType } from "../../contract";
import { accountName, containerName } from "../names";
import { childAliases, componentOptions } from "../options";
import { denying, guard, protectionOf, publicAccessOf, type GuardArgs } from "./guard";

export interface BlobStoreArgs extends GuardArgs {
  /** Resource group of account and container. Another one replaces them. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region, such as `westeurope`. Another one replaces the account. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Name of a storage account that exists in the resource group, to be used as it is. @default one is created */
  readonly existingAccountName?: pulumi.Input<string>;
  /** Name of a container that exists in that account, to be used as it is. @default one is created */
  readonly existingContainerName?: pulumi.Input<string>;
  /**
   * Whether what is overwritten in the new account is gone at once. A hierarchical namespace never keeps earlier versions.
   * @default false: it stays, as an earlier version
   */
  readonly keepNoVersions?: boolean;
  /** Days for which deleted blobs and containers of the new account can be had back, 1 to 365. @default 30 */
  readonly softDeleteDays?: number;
  /**
   * Whether folders are real ones (ADLS Gen2): of a new account it is set, of an existing one it must be so. Such an account
   * keeps no earlier versions. Another value replaces the account.
   * @default false
   */
  readonly hierarchicalNamespace?: boolean;
}

/** Where a dataset's blobs or files are. What it creates has no public access, no shared keys, TLS 1.2 or newer, and keeps what is deleted. */
export class BlobStore extends pulumi.ComponentResource {
  /** `https://<account>.blob.core.windows.net/` */
  readonly url: pulumi.Output<string>;
  /** What a dataset names: `url`, or `https://<account>.dfs.core.windows.net/` of a hierarchical namespace. */
  readonly storageAccountUrl: pulumi.Output<string>;
  /** As what a dataset names it. */
  readonly storageAccountType: StoreType;
  /** Name of the storage account. */
  readonly accountName: pulumi.Output<string>;
  /** Name of the container. */
  readonly containerName: pulumi.Output<string>;
  /** Azure resource id of the container: the scope for roles. */
  readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: BlobStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:BlobStore", name, {}, componentOptions("BlobStore", name, opts));
    const { resourceGroupName, existingAccountName, existingContainerName, hierarchicalNamespace } = args;
    const account = this.#account(name, args, childAliases(opts, name, storageName));
    const dependsOn = existingAccountName === undefined ? this.#guarded(name, args, account) : [];
    this.url = account.url;
    this.storageAccountType = hierarchicalNamespace === true ? "Azure_BlobStorage_DataLakeGen2" : "Azure_BlobStorage";
    this.storageAccountUrl = hierarchicalNamespace === true ? account.dfsUrl : account.url;
    this.accountName = account.name;
    this.containerName =
      existingContainerName === undefined
        ? new storage.BlobContainer(
            `${name}-container`,
            {
              resourceGroupName,
              accountName: account.name,
              containerName: containerName(name),
              publicAccess: "None",
            },
            { parent: this, dependsOn, protect: protectionOf(args) },
          ).name
        : pulumi.output(existingContainerName);
    this.containerId = pulumi.interpolate`${account.id}/blobServices/default/containers/${this.containerName}`;
    this.registerOutputs({
      url: this.url,
      storageAccountUrl: this.storageAccountUrl,
      storageAccountType: this.storageAccountType,
      accountName: this.accountName,
      containerName: this.containerName,
      containerId: this.containerId,
    });
  }

  /** What is overwritten or deleted can be had back; nobody reaches or deletes it unseen. */
  #guarded(name: string, args: BlobStoreArgs, account: Account): pulumi.Resource[] {
    const {
      resourceGroupName,
      location,
      hierarchicalNamespace = false,
      keepNoVersions = false,
      privateDnsZones,
    } = args;
    const kept = { enabled: true, days: args.softDeleteDays ?? 30 };
    const service = new storage.BlobServiceProperties(
      `${name}-blobs`,
      {
        resourceGroupName,
        accountName: account.name,
        blobServicesName: "default",
        isVersioningEnabled: !hierarchicalNamespace && !keepNoVersions,
        deleteRetentionPolicy: kept,
        containerDeleteRetentionPolicy: kept,
      },
      { parent: this },
    );
    const blob = { groupId: "blob", zone: privateDnsZones?.blob } as const;
    const dfs = { groupId: "dfs", zone: privateDnsZones?.dfs } as const;
    const guarded = guard(
      {
        kind: "BlobStore",
        name,
        what: "store",
        id: account.id,
        resourceGroupName,
        location,
        services: hierarchicalNamespace ? [blob, dfs] : [blob],
        logs: {
          of: pulumi.interpolate`${account.id}/blobServices/default`,
          categories: ["StorageRead", "StorageWrite", "StorageDelete"],
        },
      },
      args,
      this,
    );
    return [service, ...guarded];
  }

  #account(name: string, args: BlobStoreArgs, aliases: pulumi.Input<pulumi.Alias>[]): Account {
    const { resourceGroupName, location, existingAccountName, hierarchicalNamespace, tags } = args;
    if (existingAccountName !== undefined) {
      const found = storage.getStorageAccountOutput(
        { resourceGroupName, accountName: existingAccountName },
        { parent: this },
      );
      const usable = hierarchicalNamespace === true ? found.apply(requireHierarchy) : found;
      return {
        id: usable.id,
        name: usable.name,
        url: usable.primaryEndpoints.blob,
        dfsUrl: usable.primaryEndpoints.dfs,
      };
    }
    const account = new storage.StorageAccount(
      storageName(name),
      {
        resourceGroupName,
        location,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        enableHttpsTrafficOnly: true,
        isHnsEnabled: hierarchicalNamespace === true ? true : undefined,
        minimumTlsVersion: "TLS1_2",
        publicNetworkAccess: publicAccessOf(args),
        networkRuleSet: denying(args, (iPAddressOrRange) => ({ action: "Allow" as const, iPAddressOrRange })),
        tags,
      },
      { parent: this, aliases, protect: protectionOf(args) },
    );
    const { blob, dfs } = account.primaryEndpoints;
    return { id: account.id, name: account.name, url: blob, dfsUrl: dfs };
  }
}

/** What an account may be called, with room for what the provider puts behind it. */
const storageName = (name: string): string => accountName(name, 16);

interface Account {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly dfsUrl: pulumi.Output<string>;
}

function requireHierarchy(account: storage.GetStorageAccountResult): storage.GetStorageAccountResult {
  if (account.isHnsEnabled !== true) {
    throw new pulumi.RunError(
      `Storage account '${account.name}' has no hierarchical namespace, and none can be given to it here: leave hierarchicalNamespace out, or name another account.`,
    );
  }
  return account;
}
