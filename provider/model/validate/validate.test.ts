// Every rule that refuses an input before anything is written, with the words it says; and that nothing else is refused.
import fc from "fast-check";
import { dataset as anyDataset, placesIn, query as anyQuery, withAt } from "../../../test/helpers/arbitraries";
import type { Dataset } from "../dataset";
import type { QueryContent, Segment } from "../query";
import { datasetProblems, documentIdProblems, mountCautions, queryProblems, segmentProblems } from ".";

const RUNS = { numRuns: 1_000 };
/** What the engine hands to a provider in place of a value that is not known before `up`. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const dataset: Dataset = {
  store: {
    containerName: "sales",
    storageAccountUrl: "https://contosso.blob.example/",
    storageAccountType: "Azure_BlobStorage",
    encryptionMode: "CPK",
  },
  identity: { clientId: "client", tenantId: "tenant", issuerUrl: "https://issuer.example/", name: "identity" },
  dek: { secretId: "dek", keyVaultUrl: "https://vault.example/" },
  kek: { secretId: "kek", keyVaultUrl: "https://vault.example/", maaUrl: "https://attest.example" },
  datasetSchema: {
    format: "csv",
    fields: [
      { fieldName: "region", fieldType: "string" },
      { fieldName: "amount", fieldType: "number" },
    ],
  },
  datasetAccessPolicy: { accessMode: "read", allowedFields: ["amount"] },
};
const query: QueryContent = {
  segments: [{ sequence: 1, sql: "SELECT 1", preConditions: { sales: 100 }, postFilters: { buyers: 25 } }],
  inputs: [{ documentId: "contosso-sales", view: "sales" }],
  output: { documentId: "litware-results", view: "results" },
};
const changed = <T>(value: T, path: string, to: unknown): T => withAt(value, path.split("."), to);

describe("a document id", () => {
  test("may be what stands in a URL and in a list of ids", () => {
    for (const id of ["a", "contosso-sales", "Sales_2026.v1", "9", "x".repeat(128)]) {
      expect(documentIdProblems("name", id)).toEqual([]);
    }
  });

  test.each([
    ["blank", "  ", "name is blank: give it a name."],
    ["missing", undefined, "name is blank: give it a name."],
    ["no text", 7, "name is blank: give it a name."],
    ["too long", "x".repeat(129), `name '${"x".repeat(80)}…' has 129 characters: use at most 128.`],
    [
      "with a separator",
      "sales:v1",
      "name is 'sales:v1': a document id holds letters, digits, '.', '_' and '-', and begins with a letter or digit.",
    ],
    [
      "a path",
      "../sales",
      "name is '../sales': a document id holds letters, digits, '.', '_' and '-', and begins with a letter or digit.",
    ],
  ])("fails when it is %s", (_what, id, problem) => {
    expect(documentIdProblems("name", id)).toEqual([problem]);
  });

  test("fails with every character that is none of these", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), (id) => {
        expect(documentIdProblems("name", id).length).toBe(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id) ? 0 : 1);
      }),
      RUNS,
    );
  });
});

describe("a dataset", () => {
  test("passes in every store, mode and kind of key", () => {
    fc.assert(
      fc.property(anyDataset, (valid) => expect(datasetProblems(valid)).toEqual([])),
      RUNS,
    );
  });

  test("passes with anything in it not known yet", () => {
    fc.assert(
      fc.property(anyDataset, fc.nat(), (valid, seed) => {
        const places = placesIn(valid);
        const at = places[seed % places.length] ?? [];
        expect([at, datasetProblems(withAt(valid, at, UNKNOWN))]).toEqual([at, []]);
      }),
      RUNS,
    );
  });

  test("fails with words, and never by itself, when any part is missing or of another kind", () => {
    fc.assert(
      fc.property(anyDataset, fc.nat(), fc.constantFrom(undefined, null, 7, {}, [], ""), (valid, seed, other) => {
        const places = placesIn(valid);
        const problems = datasetProblems(withAt(valid, places[seed % places.length] ?? [], other));
        expect(problems.every((problem) => /[:.]/.test(problem) && !problem.includes("undefined (")).valueOf()).toBe(
          true,
        );
      }),
      RUNS,
    );
  });

  test.each([
    [
      "a store of an unknown type",
      "store.storageAccountType",
      "Gcs",
      "store.storageAccountType is 'Gcs': use one of Azure_BlobStorage, Azure_BlobStorage_DataLakeGen2, Azure_OneLake, Aws_S3.",
    ],
    [
      "an unknown encryption",
      "store.encryptionMode",
      "NONE",
      "store.encryptionMode is 'NONE': use CSE (client side), CPK (customer provided key) or SSE (server side).",
    ],
    ["a blank container", "store.containerName", " ", "store.containerName is blank: name the container or bucket."],
    [
      "an address that is not https",
      "store.storageAccountUrl",
      "http://contosso.blob.example/",
      "store.storageAccountUrl is 'http://contosso.blob.example/': it must be an https URL.",
    ],
    [
      "no identity for an Azure store",
      "identity",
      undefined,
      "identity is missing: the clean room reads a store of type Azure_BlobStorage with a managed identity. Give one (WorkloadIdentity).",
    ],
    [
      "an identity with a blank part",
      "identity.issuerUrl",
      "",
      "identity.issuerUrl is blank: take it from the WorkloadIdentity.",
    ],
    [
      "an unknown format",
      "datasetSchema.format",
      "xml",
      "datasetSchema.format is 'xml': use one of csv, json, parquet.",
    ],
    [
      "no dek",
      "dek",
      undefined,
      "dek is missing: store.encryptionMode CPK needs the key that the data is encrypted with.",
    ],
    [
      "no kek",
      "kek",
      undefined,
      "kek is missing: store.encryptionMode CPK on Azure_BlobStorage needs the key that wraps the dek. Use ReleaseKey.",
    ],
    [
      "CPK without the attestation service",
      "kek.maaUrl",
      undefined,
      "kek.maaUrl is blank: store.encryptionMode CPK needs the attestation service whose word the vault takes. Take it from the clean room's details (attestationUrl).",
    ],
    [
      "keys for a store that encrypts by itself",
      "store.encryptionMode",
      "SSE",
      "dek and kek are given, but store.encryptionMode is SSE: the store itself encrypts. Leave them out, or use CSE or CPK.",
    ],
    [
      "an Azure store's key in governance",
      "dek",
      { cgsSecretId: "owner_key" },
      "store.encryptionMode is CPK on Azure_BlobStorage, with a key that is a governance secret: of an Azure store's dataset the clean room takes only a key that is wrapped by a key of a vault. Use ReleaseKey.",
    ],
    [
      "a wrapped key as a secret of a Managed HSM",
      "dek.keyVaultUrl",
      "https://contosso.managedhsm.azure.net/",
      "dek.keyVaultUrl is 'https://contosso.managedhsm.azure.net/': a Managed HSM keeps keys and no secrets. Keep the wrapped dek in a Key Vault.",
    ],
    [
      "a folder with a '/' at its end",
      "store.subdirectory",
      "2026/",
      "store.subdirectory is '2026/', with a '/' at an end, or an empty step, '.' or '..' in it: the clean room would look in another folder. Remove it; name folders with '/' between them, such as 'sales/2026', or leave it out for the whole container.",
    ],
    [
      "a folder above the container",
      "store.subdirectory",
      "../other",
      "store.subdirectory is '../other', with a '/' at an end, or an empty step, '.' or '..' in it: the clean room would look in another folder. Remove it; name folders with '/' between them, such as 'sales/2026', or leave it out for the whole container.",
    ],
    [
      "a folder whose name every client writes otherwise",
      "store.subdirectory",
      "sales\\2026",
      "store.subdirectory is 'sales\\2026', with '\\' in it: mounts and clients would not agree on the name. Rename the folder; name folders with '/' between them, such as 'sales/2026', or leave it out for the whole container.",
    ],
    [
      "an unknown access mode",
      "datasetAccessPolicy.accessMode",
      "append",
      "datasetAccessPolicy.accessMode is 'append': use read or write.",
    ],
    [
      "no allowed field",
      "datasetAccessPolicy.allowedFields",
      [],
      "datasetAccessPolicy.allowedFields is empty: the clean room refuses such a dataset when a query runs. Name the fields that queries may use.",
    ],
    [
      "an allowed field that is not in the schema",
      "datasetAccessPolicy.allowedFields",
      ["amount", "price"],
      "datasetAccessPolicy.allowedFields names 'price', which is not in the schema (region, amount): the clean room would drop it without a word. Correct the name or add the field.",
    ],
    [
      "an allowed field that is named twice",
      "datasetAccessPolicy.allowedFields",
      ["amount", "amount"],
      "datasetAccessPolicy.allowedFields names 'amount' twice: every query that uses the field would find it ambiguous. Name each field once.",
    ],
    [
      "a field that is named twice",
      "datasetSchema.fields.0.fieldName",
      "amount",
      "datasetSchema.fields[1].fieldName 'amount' is named before, at fields[0]: name each field once.",
    ],
    [
      "a field of an unknown type",
      "datasetSchema.fields.0.fieldType",
      "text",
      "datasetSchema.fields[0].fieldType is 'text' (field 'region'): use one of string, integer, number, boolean, date, long, timestamp.",
    ],
    [
      "a field without a name",
      "datasetSchema.fields.0.fieldName",
      "",
      "datasetSchema.fields[0].fieldName is blank: name the field.",
    ],
  ])("fails with %s", (_what, path, value, problem) => {
    expect(datasetProblems(changed(dataset, path, value))).toEqual([problem]);
  });

  test("fails without fields", () => {
    const problem = "datasetSchema.fields is empty: name the fields of the data.";
    expect(datasetProblems(changed(dataset, "datasetSchema.fields", []))).toContain(problem);
    expect(datasetProblems(changed(dataset, "datasetSchema.fields", undefined))).toContain(problem);
    expect(datasetProblems(changed(dataset, "datasetSchema", {}))).toContain(problem);
  });

  test("fails off Azure without the secret that opens the bucket", () => {
    const s3 = changed(changed(dataset, "store.storageAccountType", "Aws_S3"), "store.encryptionMode", "SSE");
    expect(datasetProblems({ ...s3, identity: undefined, dek: undefined, kek: undefined })).toEqual([
      "store.awsCgsSecretId is blank: an S3 dataset needs the governance secret with its access key. Publish it with ContractSecret, or let S3Dataset do so.",
    ]);
  });
});

describe("a dataset's name", () => {
  test("is one that the clean room mounts where it reads", () => {
    expect(mountCautions("contosso-sales-0123456789ab", "Azure_BlobStorage")).toEqual([]);
    expect(mountCautions("x".repeat(44), "Azure_BlobStorage")).toEqual([]);
    expect(mountCautions("x".repeat(48), "Aws_S3")).toEqual([]);
  });

  const what = "the analytics workload of release 8.0.0";
  test.each([
    [
      "Sales",
      `${what} mounts it in lower case and with '-' for '_', and looks for it as it is: use neither in its name.`,
    ],
    [
      "sales_2026",
      `${what} mounts it in lower case and with '-' for '_', and looks for it as it is: use neither in its name.`,
    ],
    ["sales.v1", `${what} names a container after it, in which no '.' may be: use none in its name.`],
    ["x".repeat(45), `${what} names a container after it, which leaves 44 characters of 45: shorten its name.`],
  ])("fails at run time, and is told, as %s", (id, caution) => {
    expect(mountCautions(id, "Azure_BlobStorage")).toEqual([caution]);
  });
});

describe("a dataset in OneLake", () => {
  const host = "https://onelake.dfs.fabric.microsoft.com";
  const at = (path: string): Dataset => ({
    ...changed(dataset, "store.encryptionMode", "CSE"),
    store: {
      containerName: "sales",
      storageAccountType: "Azure_OneLake",
      encryptionMode: "CSE",
      storageAccountUrl: `${host}${path}`,
    },
  });
  const ids = ["5b0c1a7e-0000-4000-8000-00000000c011", "5b0c1a7e-0000-4000-8000-00000000c012"];

  test.each(["/retail/sales.Lakehouse/Files", "/retail/sales.Lakehouse/Files/2026/q1", `/${ids.join("/")}/Files/2026`])(
    "is at %s",
    (path) => {
      expect(datasetProblems(at(path))).toEqual([]);
    },
  );

  const shape = `${host}/<workspace>/<item>.Lakehouse/Files/<folder>`;
  test.each([
    ["/", `on OneLake it names workspace, item and folder, as in ${shape}.`],
    ["/retail/sales.Lakehouse", `on OneLake it names workspace, item and folder, as in ${shape}.`],
    ["/retail/sales/Files", `names the item 'sales' without its type: write it as in ${shape}.`],
    [`/retail/${ids[0]}/Files`, "OneLake takes workspace and item both as names, or both as ids."],
    ["/retail/sales.Lakehouse/Files/", "with a '/' at an end"],
    ["/our retail/sales.Lakehouse/Files", "with an escaped character in its path, which the clean room takes as it is"],
  ])("fails at %s", (path, problem) => {
    const [only, ...others] = datasetProblems(at(path));
    expect([only, others]).toEqual([expect.stringContaining(problem), []]);
  });

  test("fails with a subdirectory, which would take the item's place", () => {
    const problems = datasetProblems(changed(at("/retail/sales.Lakehouse/Files"), "store.subdirectory", "2026"));
    expect(problems).toEqual([
      "store.subdirectory is '2026': on OneLake the clean room takes it for the whole path below the workspace. Put item and folder into store.storageAccountUrl, and leave it out.",
    ]);
  });
});

describe("a query", () => {
  test("fails where it is larger than governance takes, and says by how much", () => {
    const sized = (characters: number): QueryContent => changed(query, "segments.0.sql", "x".repeat(characters));
    expect(queryProblems(sized(760_000))).toEqual([]);
    expect(queryProblems(sized(780_000))).toEqual([
      expect.stringMatching(
        /^The query takes 1040\d+ bytes as governance stores it \(in base64\), which takes 1032192 at most/,
      ),
    ]);
  });

  test("passes whatever its texts, thresholds and datasets are", () => {
    fc.assert(
      fc.property(anyQuery, (valid) => expect(queryProblems(valid)).toEqual([])),
      RUNS,
    );
  });

  test("passes with anything in it not known yet", () => {
    fc.assert(
      fc.property(anyQuery, fc.nat(), (valid, seed) => {
        const places = placesIn(valid);
        const at = places[seed % places.length] ?? [];
        expect([at, queryProblems(withAt(valid, at, UNKNOWN))]).toEqual([at, []]);
      }),
      RUNS,
    );
  });

  test.each([
    [
      "a negative sequence",
      "segments.0.sequence",
      -1,
      "segments[0].sequence is -1: use a whole number from 0 on; lower ones run first.",
    ],
    [
      "a fractional sequence",
      "segments.0.sequence",
      1.5,
      "segments[0].sequence is 1.5: use a whole number from 0 on; lower ones run first.",
    ],
    [
      "a sequence larger than the service can hold",
      "segments.0.sequence",
      2 ** 31,
      "segments[0].sequence is 2147483648: use a whole number from 0 on; lower ones run first.",
    ],
    ["an empty text", "segments.0.sql", " \n", "segments[0].sql is empty: give the SQL text of this segment."],
    ["no segment", "segments", [], "segments is empty: a query has at least one SQL text."],
    ["no input", "inputs", [], "inputs is empty: name at least one dataset that the query reads."],
    [
      "two datasets of one view name",
      "output.view",
      "sales",
      "output.view 'sales' is taken by inputs[0]: give each dataset a view name of its own.",
    ],
    [
      "a view name that SQL can't hold",
      "inputs.0.view",
      "2026 sales",
      "inputs[0].view is '2026 sales': a name in SQL holds letters, digits and '_', and does not begin with a digit.",
    ],
    [
      "a dataset id that is none",
      "inputs.0.documentId",
      "a,b",
      "inputs[0].documentId is 'a,b': a document id holds letters, digits, '.', '_' and '-', and begins with a letter or digit.",
    ],
    ["a blank dataset id", "output.documentId", "", "output.documentId is blank: give it a name."],
    [
      "a threshold that is no count",
      "segments.0.preConditions",
      { sales: -5 },
      "segments[0].preConditions.sales is -5: use a whole number from 0 on.",
    ],
    [
      "a threshold on no column",
      "segments.0.postFilters",
      { "a:b": 5 },
      "segments[0].postFilters is 'a:b': a name in SQL holds letters, digits and '_', and does not begin with a digit.",
    ],
  ])("fails with %s", (_what, path, value, problem) => {
    expect(queryProblems(changed(query, path, value))).toEqual([problem]);
  });

  test("fails when several segments run last, of which one would have to make the result", () => {
    const segments: Segment[] = [
      { sequence: 1, sql: "SELECT 1" },
      { sequence: 2, sql: "SELECT 2" },
      { sequence: 2, sql: "SELECT 3" },
    ];
    expect(queryProblems({ ...query, segments })).toEqual([
      "segments: 2 have the last sequence, 2, but the result comes from one: give the one whose result is meant a higher sequence.",
    ]);
    expect(segmentProblems(segments)).toEqual([]);
  });

  test("fails with words, and never by itself, when any part is missing or of another kind", () => {
    fc.assert(
      fc.property(anyQuery, fc.nat(), fc.constantFrom(undefined, null, 7, {}, [], ""), (valid, seed, other) => {
        const places = placesIn(valid);
        const problems = queryProblems(withAt(valid, places[seed % places.length] ?? [], other));
        expect(problems.every((problem) => problem.length > 0)).toBe(true);
      }),
      RUNS,
    );
  });

  test("shows a long value shortened", () => {
    expect(queryProblems(changed(query, "output.view", `1${"x".repeat(200)}`))).toEqual([
      `output.view is '1${"x".repeat(79)}…': a name in SQL holds letters, digits and '_', and does not begin with a digit.`,
    ]);
  });
});
