// Whether the regions that the stack names have what it needs: resource types, and SKUs of storage accounts.
import { type Found, looked, ok, problem, unchecked } from "../check";
import { fields, text, type Need } from "../needs";
import { KINDS, namespaceOf } from "./kinds";
import { normalised, regionOf, type Site } from "./site";

const ACCOUNT = "azure-native:storage:StorageAccount";
const REMEDY = "ask for Reader on the subscription";

export async function checkRegions(site: Site): Promise<readonly Found[]> {
  const types = await looked("region", REMEDY, () => checkTypes(site));
  const skus = site.needed.some(({ type, isNew }) => type === ACCOUNT && isNew)
    ? await looked("storage SKU", REMEDY, () => checkSkus(site))
    : [];
  return [...types, ...skus];
}

async function checkTypes(site: Site): Promise<Found> {
  const { arm, subscription, stack } = site;
  const kinds = [...new Set(site.needed.map(({ type }) => type))].flatMap((type) => {
    const armType = KINDS.of(type)?.armType ?? "";
    const isTop = armType.split("/").length === 2 && !/^Microsoft\.(Authorization|Resources|Insights)\//.test(armType);
    return isTop ? [{ type, armType }] : [];
  });
  const regions = new Set<string>();
  const missing: string[] = [];
  for (const { type, armType } of kinds) {
    const namespace = namespaceOf(armType);
    const { locations } = await arm.provider(subscription, namespace);
    const offered = locations.get(armType.slice(namespace.length + 1).toLowerCase()) ?? [];
    for (const need of site.needed.filter((each) => each.type === type && each.isNew)) {
      const region = regionOf(need, site);
      if (region === undefined) {
        const remedy = `pulumi config set --stack ${stack} azure-native:location <region>`;
        return unchecked("region", "no region is named", remedy);
      }
      regions.add(region);
      if (!offered.map(normalised).includes(region)) missing.push(`${armType} is not offered in ${region}`);
    }
  }
  return missing.length === 0
    ? ok("region", `${[...regions].join(", ") || "nothing new"}: has every type of resource that is needed`)
    : problem(
        "region",
        [...new Set(missing)].join(", "),
        `pulumi config set --stack ${stack} azure-native:location <region>`,
      );
}

async function checkSkus(site: Site): Promise<Found> {
  const { arm, subscription, needed } = site;
  const skus = await arm.storageSkus(subscription);
  const wanted = needed.filter(({ type, isNew }) => type === ACCOUNT && isNew).map((need) => wantedBy(need, site));
  const problems = wanted.flatMap(({ sku, kind, region }) => {
    const offered = skus.find(
      (each) =>
        each.name === sku &&
        each.kind === kind &&
        (region === undefined || each.locations.map(normalised).includes(region)),
    );
    const where = region === undefined ? "" : ` in ${region}`;
    if (offered === undefined) return [`${kind} accounts of ${sku} are not offered${where}`];
    return offered.restrictions.length === 0 ? [] : [`${sku}${where}: ${offered.restrictions.join(", ")}`];
  });
  return problems.length === 0
    ? ok(
        "storage SKU",
        [...new Set(wanted.map(({ sku, region }) => `${sku}${region ? ` in ${region}` : ""}`))].join(", "),
      )
    : problem(
        "storage SKU",
        [...new Set(problems)].join("; "),
        "another region (azure-native:location), or ask Azure's support to lift the restriction",
      );
}

/** What `BlobStore` creates, where the program's own inputs are not known. */
function wantedBy(need: Need, site: Site): { sku: string; kind: string; region: string | undefined } {
  const { sku, kind } = need.inputs;
  return {
    sku: text(fields(sku).name) || "Standard_LRS",
    kind: text(kind) || "StorageV2",
    region: regionOf(need, site),
  };
}
