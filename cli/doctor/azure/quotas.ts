// Whether the subscription has room for the storage accounts that the stack would create: the one kind of thing here
// whose number Azure limits low enough to be met.
import { type Found, looked, ok, problem, unchecked } from "../check";
import { regionOf, type Site } from "./site";

const WHAT = "quota";

export async function checkQuotas(site: Site): Promise<readonly Found[]> {
  const wanted = new Map<string, number>();
  for (const need of site.needed) {
    const region = regionOf(need, site);
    if (need.type === "azure-native:storage:StorageAccount" && need.isNew && region !== undefined) {
      wanted.set(region, (wanted.get(region) ?? 0) + 1);
    }
  }
  const found = [...wanted].map(([region, count]) =>
    looked(WHAT, "ask for Reader on the subscription", async () => {
      const usage = await site.arm.storageAccounts(site.subscription, region);
      if (usage === undefined) {
        const remedy = `az storage account show-usage --location ${region}`;
        return unchecked(WHAT, `Azure names no quota of storage accounts in ${region}`, remedy);
      }
      const { used, limit } = usage;
      const says = `${used} of ${limit} storage accounts in ${region}, ${count} more wanted`;
      const remedy = "existingAccountName in the program, another region, or a higher quota (portal: Quotas, Storage)";
      return used + count <= limit ? ok(WHAT, says) : problem(WHAT, says, remedy);
    }),
  );
  return (await Promise.all(found)).flat();
}
