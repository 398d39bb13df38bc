// The credential by which the sandbox itself speaks to the emulator behind its checks: a shared access signature of the
// account, valid in this process alone because its key is made anew at each start.
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";

const YEAR = 365 * 24 * 60 * 60 * 1000;

export function newSasQuery(account: string, key: Buffer): string {
  const parameters = {
    expiresOn: new Date(Date.now() + YEAR),
    permissions: AccountSASPermissions.parse("rwdlacup"),
    resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
    services: AccountSASServices.parse("b").toString(),
    version: "2021-12-02",
  };
  const credential = new StorageSharedKeyCredential(account, key.toString("base64"));
  return generateAccountSASQueryParameters(parameters, credential).toString();
}
