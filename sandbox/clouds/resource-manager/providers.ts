// Resource providers, with the types that the sandbox models and the regions they are offered in; SKUs and quotas of
// storage accounts.
import { REGIONS } from "../azure/regions";
import { normalised } from "../protocol";
import { tokens } from "../tokens";
import { ok, type Route, ServiceError } from "../../http";
import type { ManagerPart } from "./index";

/** Types by provider; `true` for those that belong to a region. */
const PROVIDERS: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  "Microsoft.Authorization": { roleAssignments: false, permissions: false, locks: false },
  "Microsoft.Insights": { diagnosticSettings: false },
  "Microsoft.KeyVault": { vaults: true, "vaults/secrets": true, deletedVaults: false, managedHSMs: true },
  "Microsoft.ManagedIdentity": { userAssignedIdentities: true },
  "Microsoft.Network": { privateEndpoints: true, privateDnsZones: false, virtualNetworks: true },
  "Microsoft.OperationalInsights": { workspaces: true },
  "Microsoft.Resources": { resourceGroups: true },
  "Microsoft.Storage": { storageAccounts: true, "storageAccounts/blobServices": true, skus: false, usages: false },
};

/** Of storage accounts in one region (Azure's documentation of its limits). */
const MOST_ACCOUNTS = 250;

const SKUS = ["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS"];

export function providerRoutes({ world, callers }: ManagerPart): readonly Route[] {
  const below = "/subscriptions/:subscription/providers";
  return [
    {
      method: "GET",
      path: `${below}/:namespace`,
      handler: async (request) => {
        const { owner } = await callers.of(request, "Microsoft.Resources/subscriptions/providers/read");
        const { namespace: asked = "" } = request.params;
        const namespace = Object.keys(PROVIDERS).find((each) => each.toLowerCase() === asked.toLowerCase());
        if (namespace === undefined) {
          throw new ServiceError(404, "InvalidResourceNamespace", `The resource namespace '${asked}' is invalid.`);
        }
        const resourceTypes = Object.entries(PROVIDERS[namespace] ?? {}).map(([resourceType, isRegional]) => ({
          resourceType,
          locations: isRegional ? REGIONS : [],
          apiVersions: [],
        }));
        const id = `/subscriptions/${owner.subscriptionId}/providers/${namespace}`;
        return ok({ id, namespace, registrationState: "Registered", resourceTypes });
      },
    },
    {
      method: "GET",
      path: `${below}/Microsoft.Storage/skus`,
      handler: async (request) => {
        await callers.of(request, "Microsoft.Storage/skus/read");
        const value = REGIONS.map(normalised).flatMap((region) => [
          ...SKUS.map((name) => skuOf(name, "StorageV2", region)),
          skuOf("Premium_LRS", "BlockBlobStorage", region),
        ]);
        return ok({ value });
      },
    },
    {
      method: "GET",
      path: `${below}/Microsoft.Storage/locations/:location/usages`,
      handler: async (request) => {
        const { owner } = await callers.of(request, "Microsoft.Storage/locations/usages/read");
        const location = normalised(request.params.location ?? "");
        if (!REGIONS.map(normalised).includes(location)) {
          const message = `The provided location '${location}' is not available for resource type 'locations/usages'.`;
          throw new ServiceError(400, "LocationNotAvailableForResourceType", message);
        }
        const there = world.records
          .list(tokens.storageAccount)
          .filter((each) => each.owner === owner.name && each.outputs.location === location);
        const name = { value: "StorageAccounts", localizedValue: "Storage Accounts" };
        return ok({ value: [{ unit: "Count", currentValue: there.length, limit: MOST_ACCOUNTS, name }] });
      },
    },
  ];
}

const skuOf = (name: string, kind: string, region: string): unknown => ({
  resourceType: "storageAccounts",
  name,
  tier: name.split("_")[0],
  kind,
  locations: [region],
  capabilities: [],
  restrictions: [],
});
