// Azure resources that many tests begin with, by one call each.
import { collaborator } from "../../world";
import type { Properties } from "../records";
import type { Deployed, TestProvider } from "./provider";

export const types = {
  group: "azure-native:resources:ResourceGroup",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  credential: "azure-native:managedidentity:FederatedIdentityCredential",
  vault: "azure-native:keyvault:Vault",
  key: "azure-native:keyvault:Key",
  secret: "azure-native:keyvault:Secret",
  account: "azure-native:storage:StorageAccount",
  container: "azure-native:storage:BlobContainer",
  role: "azure-native:authorization:RoleAssignment",
} as const;

export const roles = {
  cryptoOfficer: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

export const definition = (role: string): string => `/providers/Microsoft.Authorization/roleDefinitions/${role}`;

export const vaultProperties = (name = "contosso"): Properties => ({
  enableRbacAuthorization: true,
  sku: { family: "A", name: "premium" },
  tenantId: collaborator(name).tenantId,
});

export class TestAzure {
  constructor(
    readonly provider: TestProvider,
    readonly owner = "contosso",
  ) {}

  group(name = "group", inputs: Properties = {}): Promise<Deployed> {
    return this.provider.create(types.group, name, { location: "westeurope", ...inputs });
  }

  identity(group: Deployed, name = "identity", inputs: Properties = {}): Promise<Deployed> {
    return this.provider.create(types.identity, name, { resourceGroupName: nameOf(group), ...inputs });
  }

  vault(group: Deployed, name = "vault", inputs: Properties = {}): Promise<Deployed> {
    const properties = vaultProperties(this.owner);
    return this.provider.create(types.vault, name, { resourceGroupName: nameOf(group), properties, ...inputs });
  }

  account(group: Deployed, name = "data", inputs: Properties = {}): Promise<Deployed> {
    const settings = { kind: "StorageV2", sku: { name: "Standard_LRS" } };
    return this.provider.create(types.account, name, { resourceGroupName: nameOf(group), ...settings, ...inputs });
  }

  role(scope: string, role: string, principalId: string, inputs: Properties = {}): Promise<Deployed> {
    const settings = { scope, principalId, roleDefinitionId: definition(role) };
    return this.provider.create(types.role, `${role} ${principalId} ${scope}`, { ...settings, ...inputs });
  }
}

export const nameOf = ({ outputs }: Deployed): string => String(outputs.name);
