// The provider packages that the sandbox stands in for.
import { aws } from "./aws";
import { azureNative } from "./azure";
import { azureAd } from "./azuread";
import { commands } from "./command";
import type { ProviderPackage } from "./protocol";

export const packages: readonly ProviderPackage[] = [azureNative, aws, azureAd, commands];
