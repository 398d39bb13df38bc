// For the tests of the frontend: three collaborators who call it, and what they publish.
import type { DatasetDetails } from "../../contract";
import { type Person, type Reply, startTestServices, type TestServices } from "../testing";
import { collaboration, collaborator } from "../world";

export let services: TestServices;
export const tokens = {} as Record<Person, string>;
let count = 0;

/** Starts the services before a file's tests and ends them after. */
export function useServices(): void {
  beforeAll(async () => {
    services = await startTestServices();
    for (const name of ["contosso", "litware", "fabrikam"] as const) tokens[name] = await services.token(name);
  });
  afterAll(() => services.end());
}

export const VERSION = "api-version=2026-03-01-preview";
export const oid = (name: Person): string => collaborator(name).userOid;
export const newId = (): string => `dataset-${(count += 1)}`;
export const url = (path: string): string =>
  `${services.frontendUrl}/collaborations/${collaboration.id}${path}${path.includes("?") ? "&" : "?"}${VERSION}`;
export const call = (
  who: Person,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Reply> => services.call(method, url(path), { token: tokens[who], body, headers });
export const governance = (who: Person, method: string, path: string, body?: unknown): Promise<Reply> =>
  services.call(method, `${services.governance.url}${path}`, { token: tokens[who], body });
export const refusal = ({ status, body }: Reply): [number, string] => [
  status,
  (body as { error: { code: string } }).error.code,
];
export const errorsOf = ({ body }: Reply): Record<string, string[]> =>
  (body as { errors: Record<string, string[]> }).errors;

export function details(change: Partial<DatasetDetails> = {}): DatasetDetails {
  return {
    name: "given name",
    store: {
      containerName: "sales",
      storageAccountUrl: "https://contosso.blob.core.windows.net/",
      storageAccountType: "Azure_BlobStorage",
      encryptionMode: "CSE",
    },
    datasetSchema: { format: "csv", fields: [{ fieldName: "amount", fieldType: "number" }] },
    datasetAccessPolicy: { accessMode: "read", allowedFields: ["amount"] },
    identity: { clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer", name: "identity" },
    dek: { secretId: "wrapped-dek", keyVaultUrl: "https://v.vault.azure.net" },
    kek: { secretId: "kek", keyVaultUrl: "https://v.vault.azure.net", maaUrl: "https://maa" },
    ...change,
  };
}
export const store = (change: Record<string, unknown>): Partial<DatasetDetails> => ({
  store: { ...details().store, ...change },
});

export async function published(who: Person, change: Partial<DatasetDetails> = {}): Promise<string> {
  const id = newId();
  const reply = await call(who, "POST", `/analytics/datasets/${id}/publish`, details(change));
  expect([reply.status, reply.text]).toEqual([204, ""]);
  return id;
}
export const query = (inputs: string, output: string, change: Record<string, unknown> = {}): unknown => ({
  queryData: [
    { executionSequence: 1, data: "select 'é' < 2", preConditions: "sales:10, members:5", postFilters: "n:3" },
  ],
  inputDatasets: inputs,
  outputDataset: output,
  ...change,
});
