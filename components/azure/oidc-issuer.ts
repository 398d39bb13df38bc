// A token issuer of our tenant's own: governance signs the clean room's tokens, and this is where Microsoft Entra finds the
// keys to verify them with.
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { getCleanRoomDetails, type CleanRoomDetails } from "../collaboration";
import { TenantIssuer } from "../governance/tenant-issuer";
import { getIssuerKeys } from "../issuer";
import { accountName } from "../names";
import { childAliases, componentOptions, NOT_DELETED_WITH } from "../options";
import { assignRole, deployer } from "./role";

export interface OidcIssuerArgs {
  /** Namespace of the stack configuration of the collaboration. @default "cleanroom" */
  readonly collaboration?: string;
  /**
   * Address at which you serve discovery document and keys yourself, https, without '/' at its end: `discoveryDocument` and
   * `keys` say what has to be there. Another one changes the issuer of every identity and dataset.
   * @default a storage account of its own is created, whose one container everybody may read
   */
  readonly issuerUrl?: pulumi.Input<string>;
  /** Resource group of the account; needed unless `issuerUrl` is given. Another one replaces it. @default none */
  readonly resourceGroupName?: pulumi.Input<string>;
  /** Azure region. Another one replaces the account. @default the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Tags of the account. @default none */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether the account may be deleted with the rest. Caution: its name is then anybody's in the whole of Azure, and
   * whoever takes it could sign in as every identity that trusts it still.
   * @default false: the account is protected
   */
  readonly deletable?: boolean;
  /** The clean room. @default getCleanRoomDetails() */
  readonly details?: pulumi.Input<CleanRoomDetails>;
  /** What deleting does with the tenant's issuer in governance: `restore` sets the contract's. @default "restore" */
  readonly onDelete?: "restore" | "leave";
}

/**
 * An account that holds nothing but two public documents (Microsoft Entra reads them without signing in), both written
 * from what governance says now, and the tenant's issuer in governance set to it. Whoever of the tenant overwrites that,
 * and keys that governance rotates, show on the next preview, and `up` mends it.
 *
 * @example
 * const issuer = new OidcIssuer("contosso", { resourceGroupName: group.name });
 * new AzureDataset("contosso-sales", { details: issuer.details, resourceGroupName: group.name, schema, allowedFields });
 */
export class OidcIssuer extends pulumi.ComponentResource {
  /** Address of the issuer, once it is served and set: what federated credentials and datasets name. */
  readonly issuerUrl: pulumi.Output<string>;
  /** The clean room's details with this issuer: for identities, keys and datasets. */
  readonly details: pulumi.Output<CleanRoomDetails>;
  /** JSON of the discovery document, to be served at `<issuerUrl>/.well-known/openid-configuration`. */
  readonly discoveryDocument: pulumi.Output<string>;
  /** JSON of the key set, to be served at `<issuerUrl>/openid/v1/jwks`. */
  readonly keys: pulumi.Output<string>;
  /** `waiting` while documents that you serve yourself are not right; else `ready`. */
  readonly status: pulumi.Output<"ready" | "waiting">;
  /** What is not right, in a sentence; empty when all is. */
  readonly reason: pulumi.Output<string>;

  constructor(name: string, args: OidcIssuerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cleanroom:azure:OidcIssuer", name, {}, componentOptions("OidcIssuer", name, opts, NOT_DELETED_WITH));
    const { collaboration, onDelete } = args;
    const details = pulumi.output(args.details ?? getCleanRoomDetails({ collaboration }));
    const keys = getIssuerKeys({ collaboration });
    const { issuerUrl, containerUrl, dependsOn } =
      args.issuerUrl === undefined
        ? this.#container(name, args, details, childAliases(opts, name, storageName))
        : { issuerUrl: pulumi.output(args.issuerUrl), containerUrl: undefined, dependsOn: [] };
    const registered = new TenantIssuer(
      name,
      { collaboration, issuerUrl, keys, containerUrl, onDelete },
      { parent: this, dependsOn, aliases: childAliases(opts, name) },
    );
    this.issuerUrl = registered.issuerUrl;
    this.details = pulumi.all([details, registered.issuerUrl]).apply(([all, own]) => ({
      ...all,
      cleanroomIdentity: { ...all.cleanroomIdentity, issuerUrl: own },
    }));
    this.discoveryDocument = pulumi.jsonStringify(issuerUrl.apply(discoveryOf));
    this.keys = pulumi.jsonStringify({ keys });
    this.status = registered.status;
    this.reason = registered.reason;
    this.registerOutputs({
      issuerUrl: this.issuerUrl,
      details: this.details,
      discoveryDocument: this.discoveryDocument,
      keys: this.keys,
      status: this.status,
      reason: this.reason,
    });
  }

  #container(
    name: string,
    { resourceGroupName, location, tags, deletable = false }: OidcIssuerArgs,
    details: pulumi.Output<CleanRoomDetails>,
    aliases: pulumi.Input<pulumi.Alias>[],
  ): Hosted {
    if (resourceGroupName === undefined) {
      throw new pulumi.RunError(
        `OidcIssuer '${name}': give the resourceGroupName of the account that is to be made, or the issuerUrl that you serve yourself.`,
      );
    }
    const account = new storage.StorageAccount(
      storageName(name),
      {
        resourceGroupName,
        location,
        tags,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        // Public on purpose: Microsoft Entra reads keys without signing in, from wherever it is. Nothing else is in here.
        allowBlobPublicAccess: true,
        allowSharedKeyAccess: false,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
      },
      { parent: this, aliases, protect: deletable ? undefined : true },
    );
    const container = new storage.BlobContainer(
      `${name}-documents`,
      { resourceGroupName, accountName: account.name, containerName: CONTAINER, publicAccess: "Blob" },
      { parent: this },
    );
    const scope = pulumi.interpolate`${account.id}/blobServices/default/containers/${container.name}`;
    const writer = assignRole(
      `${name}-deployer-documents`,
      { scope, role: "Storage Blob Data Contributor", ...deployer(details, { parent: this }) },
      { parent: this },
    );
    const url = pulumi.interpolate`${account.primaryEndpoints.blob}${container.name}`;
    return { issuerUrl: url, containerUrl: url, dependsOn: [writer] };
  }
}

interface Hosted {
  readonly issuerUrl: pulumi.Output<string>;
  readonly containerUrl: pulumi.Output<string> | undefined;
  readonly dependsOn: pulumi.Resource[];
}

const CONTAINER = "oidc";

const storageName = (name: string): string => accountName(`${name}oidc`, 16);

/** As the provider writes it (provider/model/issuer.ts); said here for those who serve it themselves. */
function discoveryOf(issuerUrl: string): object {
  return {
    issuer: issuerUrl,
    jwks_uri: `${issuerUrl}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}
