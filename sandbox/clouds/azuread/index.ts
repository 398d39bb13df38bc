// The provider package azuread, as far as the sandbox models it.
import { bridged } from "../definitions";
import type { ProviderPackage } from "../protocol";
import { application } from "./application";
import { getClientConfig } from "./client-config";
import { applicationCredential } from "./federated-credential";
import { servicePrincipal } from "./service-principal";

export const azureAd: ProviderPackage = {
  name: "azuread",
  version: "6.9.1",
  models: [application, servicePrincipal, applicationCredential],
  functions: [getClientConfig],
  explain: ({ status, code, message }, act) => `${act}: unexpected status ${status} with error: ${code}: ${message}`,
  wording: bridged,
  naming: { keeps: () => false, notes: () => ({ __defaults: [] }), deletesFirst: () => false },
};
