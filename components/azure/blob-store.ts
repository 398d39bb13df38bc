// A storage account with one private container, closed to everything but Azure's own sign-in.
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { StoreType } from "../../contract";
import { accountName, containerName } from "../names";
import { childAliases, componentOptions } from "../options";

export interface BlobStoreArgs {
  /** Resource group of account and container. Another one replaces them. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region, such as `westeurope`. Another one replaces the account. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Name of a storage account that exists in the resource group, to be used as it is. @default one is created */
  readonly existingAccountName?: pulumi.Input<string>;
  /** Name of a container that exists in that account, to be used as it is. @default one is created */
  readonly existingContainerName?: pulumi.Input<string>;
  /**
   * Public IPv4 addresses and ranges from which the new account can be reached: the clean room's, and of whoever uploads.
   * Every other network is denied.
   * @default none are named, and every network is let in
   */
  readonly allowedAddresses?: pulumi.Input<string[]>;
  /** Whether the new account keeps what is overwritten or deleted, as earlier versions. @default false */
  readonly keepVersions?: boolean;
  /**
   * Whether folders are real ones (ADLS Gen2): of a new account it is set, of an existing one it must be so. Such an account
   * keeps no earlier versions. Another value replaces the account.
   * @default false
   */
  readonly hierarchicalNamespace?: boolean;
}

/** Where a dataset's blobs or files are. What it creates has no public access, no shared keys, and TLS 1.2 or newer. */
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
    const { resourceGroupName, existingAccountName, existingContainerName, keepVersions, hierarchicalNamespace } = args;
    if (keepVersions === true && hierarchicalNamespace === true) {
      throw new pulumi.RunError(
        `BlobStore '${name}': keepVersions and hierarchicalNamespace exclude each other: Azure keeps no versions of blobs in an account with a hierarchical namespace. Leave one out.`,
      );
    }
    const account = this.#account(name, args, childAliases(opts, name, storageName));
    if (keepVersions === true && existingAccountName === undefined) {
      new storage.BlobServiceProperties(
        `${name}-blobs`,
        { resourceGroupName, accountName: account.name, blobServicesName: "default", isVersioningEnabled: true },
        { parent: this },
      );
    }
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
            { parent: this },
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

  #account(
    name: string,
    { resourceGroupName, location, existingAccountName, allowedAddresses, hierarchicalNamespace }: BlobStoreArgs,
    aliases: pulumi.Input<pulumi.Alias>[],
  ): Account {
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
        networkRuleSet: allowedAddresses && {
          bypass: "None",
          defaultAction: "Deny",
          ipRules: pulumi
            .output(allowedAddresses)
            .apply((ranges) => ranges.map((iPAddressOrRange) => ({ action: "Allow" as const, iPAddressOrRange }))),
        },
      },
      { parent: this, aliases },
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
