// Options of every component and every resource of ours: none is dropped without a word. What the engine does with those
// that are taken is in test/options.test.ts.
import * as pulumi from "@pulumi/pulumi";
import * as ours from "../../components";
import { details, run } from "../helpers/mocks";

const { AccessKeyProof, AzureDataset, BlobAccess, BlobStore, BucketAccess, ContractSecret, DataKey, DatasetDocument } =
  ours;
const { DocumentConsent, HsmKey, HsmRoleAssignment, OidcIssuer, OneLakeDataset, PipelineIdentity, Query } = ours;
const { QueryAmendment, QueryApproval, QueryDraft, QueryProposal } = ours;
const { ReleaseKey, S3Dataset, TenantIssuer, Upload, WorkloadIdentity } = ours;

jest.mock("../../components/provider", () => ({
  loadProvider: () => ({ sources: () => ({ issuerKeys: () => Promise.resolve([]) }) }),
}));

const group = { resourceGroupName: "group", details, openToEveryNetwork: true };
const schema = { format: "csv", fields: [{ fieldName: "region", fieldType: "string" }] } as const;
const file = { path: "stacks/contosso/sales.csv", sha256: "ab".repeat(32) };
const data = { schema, details, allowedFields: ["region"], data: file };
const destination = { kind: "blob", url: "https://a.example/", container: "c" } as const;
const encryptionKey = Buffer.alloc(32).toString("base64");
const segments = [{ sequence: 1, sql: "SELECT 1" }];
const query = { segments, inputs: [{ documentId: "d", view: "v" }], output: { documentId: "e", view: "w" } };
const store = { containerName: "c", storageAccountUrl: "https://a.example/" } as never;

type Maker<O> = (name: string, opts?: O) => pulumi.Resource;

const COMPONENTS: Readonly<Record<string, Maker<pulumi.ComponentResourceOptions>>> = {
  AzureDataset: (name, opts) => new AzureDataset(name, { ...group, ...data }, opts),
  BlobAccess: (name, opts) => new BlobAccess(name, { containerId: "/subscriptions/s/c", principalId: "p" }, opts),
  BlobStore: (name, opts) => new BlobStore(name, group, opts),
  BucketAccess: (name, opts) => new BucketAccess(name, { bucket: "b" }, opts),
  OidcIssuer: (name, opts) => new OidcIssuer(name, { ...group, issuerUrl: "https://issuer.example" }, opts),
  OneLakeDataset: (name, opts) =>
    new OneLakeDataset(name, { ...group, ...data, workspace: "w", item: "i.Lakehouse", path: "Files/p" }, opts),
  PipelineIdentity: (name, opts) =>
    new PipelineIdentity(
      name,
      { github: { main: { repository: "o/r", branch: "main" } }, resourceGroupIds: { data: "/subscriptions/s/g" } },
      opts,
    ),
  Query: (name, opts) => new Query(name, query, opts),
  ReleaseKey: (name, opts) => new ReleaseKey(name, { ...group, principalId: "p" }, opts),
  S3Dataset: (name, opts) => new S3Dataset(name, { ...data, region: "eu-west-1", encryptionKey }, opts),
  Upload: (name, opts) => new Upload(name, { objectName: "o", file, destination, encryptionMode: "SSE" }, opts),
  WorkloadIdentity: (name, opts) => new WorkloadIdentity(name, group, opts),
};

const RESOURCES: Readonly<Record<string, Maker<pulumi.CustomResourceOptions>>> = {
  AccessKeyProof: (name, opts) => new AccessKeyProof(name, {} as never, opts),
  ContractSecret: (name, opts) => new ContractSecret(name, { name, value: "v" }, opts),
  DataKey: (name, opts) => new DataKey(name, {} as never, opts),
  DatasetDocument: (name, opts) =>
    new DatasetDocument(
      name,
      { name, store, datasetSchema: schema, datasetAccessPolicy: { accessMode: "read", allowedFields: [] } },
      opts,
    ),
  DocumentConsent: (name, opts) => new DocumentConsent(name, { documentId: "d", consent: "enabled" }, opts),
  HsmKey: (name, opts) => new HsmKey(name, {} as never, opts),
  HsmRoleAssignment: (name, opts) => new HsmRoleAssignment(name, {} as never, opts),
  QueryAmendment: (name, opts) => new QueryAmendment(name, { documentId: "d", segments }, opts),
  QueryApproval: (name, opts) => new QueryApproval(name, { documentId: "d" }, opts),
  QueryDraft: (name, opts) => new QueryDraft(name, { documentId: "d", ...query }, opts),
  QueryProposal: (name, opts) => new QueryProposal(name, { documentId: "d" }, opts),
  TenantIssuer: (name, opts) => new TenantIssuer(name, { issuerUrl: "https://issuer.example", keys: [] }, opts),
};

/** Exported classes of that base. */
const exported = (base: unknown): readonly string[] =>
  Object.entries(ours)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof (base as typeof pulumi.Resource))
    .map(([name]) => name)
    .sort();

test("these are all components and all resources of ours", () => {
  expect(Object.keys(COMPONENTS).sort()).toEqual(exported(pulumi.ComponentResource));
  expect(Object.keys(RESOURCES).sort()).toEqual(exported(pulumi.CustomResource));
});

const REFUSED: Readonly<Record<string, readonly [value: unknown, remedy: string]>> = {
  additionalSecretOutputs: [["documentId"], "pulumi.secret()"],
  customTimeouts: [{ create: "1h" }, "'transforms'"],
  deleteBeforeReplace: [true, "'transforms'"],
  envVarMappings: [{ A: "B" }, "for providers"],
  hideDiffs: [["tags"], "'transforms'"],
  id: ["id", "existing…"],
  ignoreChanges: [["tags"], "'transforms'"],
  import: ["id", "existing…"],
  pluginDownloadURL: ["https://plugins.example", "'providers'"],
  replaceOnChanges: [["tags"], "'transforms'"],
  replaceWith: [[{}], "'transforms'"],
  replacementTrigger: ["now", "'transforms'"],
  urn: ["urn:pulumi:s::p::t::n", "existing…"],
  version: ["1.2.3", "'providers'"],
};

describe.each(Object.entries(COMPONENTS))("%s", (kind, make) => {
  test.each(Object.entries(REFUSED))("fails with the option %s, which it would not honour", (option, given) => {
    const [value, remedy] = given;
    const program = (): unknown => make("sales", { [option]: value });
    const words = `${kind} 'sales': the option '${option}' has no effect on a component.`;
    expect(program).toThrow(new RegExp(`${escaped(words)}.*${escaped(remedy)}`));
    expect(program).toThrow(pulumi.RunError);
  });

  test("fails with an option that there is not", () => {
    const program = (): unknown => make("sales", { retainondelete: true } as never);
    expect(program).toThrow(`${kind} 'sales': the option 'retainondelete' is not known.`);
  });

  test("takes an option that asks for nothing", async () => {
    const nothing = { ignoreChanges: [], protect: false, customTimeouts: undefined };
    const made = async (opts?: object): Promise<readonly string[]> =>
      (await run(() => make("sales", opts))).all.map(({ type, name }) => `${type} ${name}`).sort();
    expect(await made(nothing)).toEqual(await made());
  });

  test("has every resource that it makes below itself, and shows it to its transformations", async () => {
    const shown: string[] = [];
    const transformation: pulumi.ResourceTransformation = ({ type, name }) => void shown.push(`${type} ${name}`);
    const { all } = await run(() => make("sales", { transformations: [transformation] }));
    const [component, ...children] = all.map(({ type, name }) => `${type} ${name}`);
    expect(children.length).toBeGreaterThan(0);
    expect([...shown].sort()).toEqual([component, ...children].sort());
    const parents = new Set([component, ...children]);
    expect(all.slice(1).filter(({ parent }) => !parents.has(parent))).toEqual([]);
  });
});

test.each(["AzureDataset", "S3Dataset", "Query"])(
  "%s fails with deletedWith, since nothing is deleted together with what is in governance",
  async (kind) => {
    const program = run(() => {
      const deletedWith = new BlobStore("other", group);
      COMPONENTS[kind]?.("sales", { deletedWith });
    });
    await expect(program).rejects.toThrow(/the option 'deletedWith' has no effect.*its use would stay enabled/);
  },
);

test("Upload fails with protect, which would keep new data out", () => {
  const program = (): unknown => COMPONENTS.Upload?.("sales", { protect: true });
  expect(program).toThrow(/the option 'protect' has no effect.*protect the store/);
});

describe.each(Object.entries(RESOURCES))("%s", (kind, make) => {
  test("fails with customTimeouts, naming the deadline that there is", () => {
    const program = (): unknown => make("sales", { customTimeouts: { create: "1h" } });
    expect(program).toThrow(`${kind} 'sales': the option 'customTimeouts' has no effect here.`);
    expect(program).toThrow("cleanroom:deadlineSeconds");
  });

  test("fails with import, naming what takes over what exists", () => {
    const program = (): unknown => make("sales", { import: "some-id" });
    expect(program).toThrow(`${kind} 'sales': the option 'import' can't work here`);
    expect(program).toThrow("adopt");
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
