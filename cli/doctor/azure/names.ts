// Whether the names that all of Azure shares are free: of storage accounts and vaults, those of deleted vaults included.
import { type Found, looked, ok, problem, unchecked } from "../check";
import { text } from "../needs";
import type { Availability } from "./arm";
import type { Site } from "./site";

const WHAT = "names";
const REMEDY = "ask for Reader on the subscription";

export async function checkNames(site: Site): Promise<readonly Found[]> {
  const named = (type: string, property: string): readonly string[] =>
    site.needed
      .filter((need) => need.type === type && need.isNew)
      .map(({ inputs }) => text(inputs[property]))
      .filter((name) => name !== "");
  const accounts = named("azure-native:storage:StorageAccount", "accountName");
  const vaults = named("azure-native:keyvault:Vault", "vaultName");
  if (accounts.length + vaults.length === 0) {
    const isWanted = site.needed.some(({ type, isNew }) => isNew && /:(StorageAccount|Vault)$/.test(type));
    return isWanted ? [unchecked(WHAT, "no preview says which they are", "mend what the preview's line names")] : [];
  }
  return looked(WHAT, REMEDY, async () => {
    const taken = (await Promise.all([...accounts.map(accountOf), ...vaults.map(vaultOf)])).flat();
    return taken.length === 0 ? ok(WHAT, `free: ${[...accounts, ...vaults].join(", ")}`) : taken;
  });

  async function accountOf(name: string): Promise<readonly Found[]> {
    const answer = await site.arm.accountName(site.subscription, name);
    const remedy = "another name for the component, or existingAccountName where the account is ours";
    return answer.isFree ? [] : [problem(WHAT, says("storage account", name, answer), remedy)];
  }

  async function vaultOf(name: string): Promise<readonly Found[]> {
    const answer = await site.arm.vaultName(site.subscription, name);
    const deleted = (await site.arm.deletedVaults(site.subscription)).find(
      (each) => each.name.toLowerCase() === name.toLowerCase(),
    );
    if (deleted !== undefined) {
      const found = `vault ${name} was deleted, and keeps its name until ${deleted.purgedAt}`;
      const remedy = `az keyvault recover --name ${name} --location ${deleted.location}, then existingVaultName: "${name}"; or another name for the component`;
      return [problem(WHAT, found, remedy)];
    }
    const remedy = "another name for the component, or existingVaultName where the vault is ours";
    return answer.isFree ? [] : [problem(WHAT, says("vault", name, answer), remedy)];
  }
}

const says = (what: string, name: string, { reason, message }: Availability): string =>
  `${what} ${name}: ${[reason, message].filter((each) => each !== undefined).join(": ") || "not available"}`;
