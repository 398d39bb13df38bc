// Resource groups: a place with a location. Deleting one deletes all that is in it, as Azure does.
import { type Cloud, type Model, required, typed } from "../protocol";
import { tokens } from "../tokens";
import { GROUP, groupId, locationOf, named, requireAbsent, topLevelName, without } from "./arm";
import { deleteAccount } from "./storage-account";
import { deleteVault } from "./vault";

const computed = { type: "Microsoft.Resources/resourceGroups", properties: { provisioningState: "Succeeded" } };

export const resourceGroup: Model = {
  type: GROUP,
  file: "sandbox/clouds/azure/resource-group.ts",
  inputs: { location: required(typed), resourceGroupName: typed, tags: typed },
  autoname: topLevelName("resourceGroupName"),
  replaceOn: ["location", "resourceGroupName"],
  computed: ["azureApiVersion", "type", "properties"],
  complete: (cloud, inputs, before) => {
    const location = inputs.location ?? before.location ?? cloud.config.location;
    return location === undefined ? inputs : { ...inputs, location };
  },
  validate: ({ resourceGroupName }) =>
    named(
      "resourceGroupName",
      resourceGroupName,
      /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
      "1 to 90 letters, digits, underscores, parentheses, hyphens and periods, the last no period",
    ),
  echo: (inputs) => ({ ...without(inputs, "resourceGroupName"), name: inputs.resourceGroupName }),
  create: (cloud, inputs) => {
    const id = groupId(cloud, inputs.resourceGroupName);
    requireAbsent(cloud, GROUP, id);
    return Promise.resolve({ id, outputs: { ...computed, ...version, location: locationOf(inputs) } });
  },
  update: () => Promise.resolve({ outputs: {} }),
  delete: (cloud, { id }) => deleteContent(cloud, id),
};

const version = { azureApiVersion: "2024-03-01" };

async function deleteContent(cloud: Cloud, group: string): Promise<void> {
  const { records } = cloud.state;
  const inside = records.all().filter(({ id }) => id.toLowerCase().startsWith(`${group.toLowerCase()}/`));
  for (const each of inside) {
    if (each.type === tokens.vault) await deleteVault(cloud, each);
    else if (each.type === tokens.storageAccount) await deleteAccount(cloud, each);
    if (each.type !== tokens.vault) await records.delete(each);
  }
}
