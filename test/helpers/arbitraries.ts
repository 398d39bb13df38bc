// Random datasets and queries that a program could really mean: every one of them is valid and fits the contract.
import fc from "fast-check";
import type { DatasetEncryptionSecret, DatasetSchema, DatasetStore, FieldType } from "../../contract";
import type { Dataset } from "../../provider/model/dataset";
import type { QueryContent, Segment } from "../../provider/model/query";

/** Something that a name in a service may be: never blank. */
export const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/);
/** A name in SQL. */
export const view = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
const guid = fc.uuid();
const url = name.map((host) => `https://${host.toLowerCase()}.example/`);

const FIELD_TYPES: readonly FieldType[] = ["string", "integer", "number", "boolean", "date", "long", "timestamp"];
const AZURE = ["Azure_BlobStorage", "Azure_BlobStorage_DataLakeGen2", "Azure_OneLake"] as const;

const schema: fc.Arbitrary<DatasetSchema> = fc.record({
  format: fc.constantFrom("csv", "json", "parquet"),
  fields: fc.uniqueArray(fc.record({ fieldName: view, fieldType: fc.constantFrom(...FIELD_TYPES) }), {
    minLength: 1,
    maxLength: 6,
    selector: ({ fieldName }) => fieldName,
  }),
});

const vaultSecret: fc.Arbitrary<DatasetEncryptionSecret> = fc.record({ secretId: name, keyVaultUrl: url });

/** The keys that a mode can have: none, two in a vault, or one as a governance secret. */
const encryption: fc.Arbitrary<Pick<Dataset, "dek" | "kek"> & Pick<DatasetStore, "encryptionMode">> = fc.oneof(
  fc.constant({ encryptionMode: "SSE" as const }),
  fc.record({
    encryptionMode: fc.constantFrom("CSE" as const, "CPK" as const),
    dek: vaultSecret,
    kek: fc.record({ secretId: name, keyVaultUrl: url, maaUrl: url }),
  }),
  fc.record({
    encryptionMode: fc.constantFrom("CSE" as const, "CPK" as const),
    dek: fc.record({ cgsSecretId: name }),
  }),
);

const place: fc.Arbitrary<Pick<Dataset, "identity"> & { store: Omit<DatasetStore, "encryptionMode"> }> = fc.oneof(
  fc.record({
    store: fc.record(
      {
        containerName: name,
        storageAccountUrl: url,
        storageAccountType: fc.constantFrom(...AZURE),
        subdirectory: name,
      },
      { requiredKeys: ["containerName", "storageAccountUrl", "storageAccountType"] },
    ),
    identity: fc.record({ clientId: guid, tenantId: guid, issuerUrl: url, name }),
  }),
  fc.record({
    store: fc.record(
      {
        containerName: name,
        storageAccountUrl: url,
        storageAccountType: fc.constant("Aws_S3" as const),
        awsCgsSecretId: name,
        subdirectory: name,
      },
      { requiredKeys: ["containerName", "storageAccountUrl", "storageAccountType", "awsCgsSecretId"] },
    ),
  }),
);

/** A dataset of any store, mode and kind of key. */
export const dataset: fc.Arbitrary<Dataset> = fc
  .record({ schema, encryption, place, accessMode: fc.constantFrom("read" as const, "write" as const), seed: fc.nat() })
  .map(({ schema: datasetSchema, encryption: { encryptionMode, ...keys }, place: { store, ...rest }, ...policy }) => {
    const names = datasetSchema.fields.map(({ fieldName }) => fieldName);
    return {
      ...rest,
      ...keys,
      store: { ...store, encryptionMode },
      datasetSchema,
      datasetAccessPolicy: {
        accessMode: policy.accessMode,
        allowedFields: names.slice(0, 1 + (policy.seed % names.length)),
      },
    };
  });

const conditions = fc.dictionary(view, fc.nat(), { maxKeys: 3, noNullPrototype: true });
const sql = fc.array(fc.string({ maxLength: 20, unit: "binary" }), { minLength: 1, maxLength: 4 });

const segment: fc.Arbitrary<Segment> = fc
  .record(
    { sequence: fc.nat(9), lines: sql, preConditions: conditions, postFilters: conditions },
    { requiredKeys: ["sequence", "lines"] },
  )
  .map(({ lines, ...rest }) => ({ ...rest, sql: `SELECT ${lines.join("\n")}` }));

/** A query whose last step is one segment. */
export const query: fc.Arbitrary<QueryContent> = fc
  .record({
    segments: fc.array(segment, { maxLength: 4 }),
    last: segment,
    views: fc.uniqueArray(fc.record({ documentId: name, view }), {
      minLength: 2,
      maxLength: 5,
      selector: (each) => each.view,
    }),
  })
  .map(({ segments, last, views }) => {
    const [output = { documentId: "", view: "" }, ...inputs] = views;
    return { segments: [...segments, { ...last, sequence: 10 }], inputs, output };
  });

/** The same value with the keys of every object in another order. */
export function shuffled<T>(value: T, seed: number): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => shuffled(item, seed)) as T;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item as unknown, seed)] as const);
  const at = entries.length === 0 ? 0 : seed % entries.length;
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].reverse()) as T;
}

/** Every place in a value at which something stands, the value itself excepted. */
export function placesIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  const inner =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => placesIn(item, [...at, key]))
      : [];
  return at.length === 0 ? inner : [at, ...inner];
}

/** A copy of the value with something else at one place. */
export function withAt<T>(value: T, at: readonly string[], replacement: unknown): T {
  const [key, ...rest] = at;
  if (key === undefined) {
    return replacement as T;
  }
  const copy: Record<string, unknown> = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as never;
  copy[key] = withAt(copy[key], rest, replacement);
  return copy as T;
}
