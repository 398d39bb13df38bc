// Azure's public regions, as it shows them; in ids and inputs their names have neither spaces nor capitals. From the list
// that Resource Manager gives where it knows no such region, and those opened since.
import { ServiceError } from "../../http";
import { normalised } from "../protocol";

export const REGIONS = [
  "East US",
  "East US 2",
  "Central US",
  "North Central US",
  "South Central US",
  "West Central US",
  "West US",
  "West US 2",
  "West US 3",
  "Canada Central",
  "Canada East",
  "Mexico Central",
  "Brazil South",
  "Chile Central",
  "North Europe",
  "West Europe",
  "UK South",
  "UK West",
  "France Central",
  "Germany West Central",
  "Switzerland North",
  "Austria East",
  "Italy North",
  "Spain Central",
  "Poland Central",
  "Norway East",
  "Sweden Central",
  "Israel Central",
  "Qatar Central",
  "UAE North",
  "South Africa North",
  "Central India",
  "South India",
  "West India",
  "Jio India West",
  "East Asia",
  "Southeast Asia",
  "Indonesia Central",
  "Malaysia West",
  "Japan East",
  "Japan West",
  "Korea Central",
  "Korea South",
  "Australia Central",
  "Australia Central 2",
  "Australia East",
  "Australia Southeast",
  "New Zealand North",
] as const;

/** @param type `Microsoft.KeyVault/vaults`; left out for a resource group. @throws ServiceError 400 with the regions that there are */
export function requireRegion(location: string, type?: string): void {
  const known = REGIONS.map(normalised);
  if (known.includes(normalised(location))) return;
  const regions = known.join(",");
  throw type === undefined
    ? new ServiceError(
        400,
        "LocationNotAvailableForResourceGroup",
        `The provided location '${location}' is not available for resource group. List of available regions is '${regions}'.`,
      )
    : new ServiceError(
        400,
        "LocationNotAvailableForResourceType",
        `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${regions}'.`,
      );
}
