// The tenant's own issuer: an account that is public on purpose, holds nothing else, and whose issuer the details name.
import { OidcIssuer } from "../../components";
import { details, run, valueOf } from "../helpers/mocks";

const mockKeys = [{ kid: "key", kty: "RSA", n: "n", e: "AQAB" }];
jest.mock("../../components/provider", () => ({
  loadProvider: () => ({ sources: () => ({ issuerKeys: () => Promise.resolve(mockKeys) }) }),
}));

const ACCOUNT = "azure-native:storage:StorageAccount";
const CONTAINER = "azure-native:storage:BlobContainer";
const ROLE = "azure-native:authorization:RoleAssignment";
const ISSUER = "pulumi-nodejs:dynamic/cleanroom:TenantIssuer";

test("has an account of its own, of which anybody may read one container, and only the deployer write it", async () => {
  let issuer: OidcIssuer | undefined;
  const program = await run(() => {
    issuer = new OidcIssuer("contosso", { resourceGroupName: "group", details });
  });
  const url = "https://contossooidc.blob.core.windows.net/oidc";
  expect(program.the(ACCOUNT).inputs).toMatchObject({
    allowBlobPublicAccess: true,
    allowSharedKeyAccess: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
  });
  expect(program.the(CONTAINER).inputs).toMatchObject({ containerName: "oidc", publicAccess: "Blob" });
  const { inputs } = program.the(ROLE);
  expect(inputs).toMatchObject({ principalId: "deployer", principalType: "User" });
  expect(inputs.scope).toMatch(/\/blobServices\/default\/containers\/oidc$/);
  const made = program.the(ISSUER);
  expect(made.inputs).toMatchObject({ issuerUrl: url, containerUrl: url, keys: mockKeys });
  expect(made.waitsFor).toContain("contosso-deployer-documents");
  expect((await valueOf(issuer!.details)).value.cleanroomIdentity).toEqual({
    ...details.cleanroomIdentity,
    issuerUrl: url,
  });
});

test("makes nothing in Azure where the documents are served already, and says what has to be served", async () => {
  let issuer: OidcIssuer | undefined;
  const issuerUrl = "https://login.contosso.example";
  const program = await run(() => {
    issuer = new OidcIssuer("contosso", { issuerUrl, details });
  });
  expect(program.children("cleanroom:azure:OidcIssuer contosso")).toEqual([`${ISSUER} contosso`]);
  expect(JSON.parse((await valueOf(issuer!.discoveryDocument)).value)).toMatchObject({
    issuer: issuerUrl,
    jwks_uri: `${issuerUrl}/openid/v1/jwks`,
  });
  expect(JSON.parse((await valueOf(issuer!.keys)).value)).toEqual({ keys: mockKeys });
});

test("fails with neither a resource group nor an address", async () => {
  await expect(run(() => new OidcIssuer("contosso", { details }))).rejects.toThrow(
    "give the resourceGroupName of the account that is to be made, or the issuerUrl",
  );
});
