// Random datasets and queries that a program could really mean: every one of them is valid and fits the contract.
import fc from "fast-check";
import type {
  DatasetEncryptionSecret,
  DatasetSchema,
  DatasetStore,
  EncryptionMode,
  FieldType,
  StoreType,
} from "../../contract";
import type { Dataset } from "../../provider/model/dataset";
import type { QueryContent, Segment } from "../../provider/model/query";

/** Something that a name in a service may be: never blank. */
export const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/);
/** A name in SQL. */
export const view = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
const guid = fc.uuid();
const url = name.map((host) => `https://${host.toLowerCase()}.example/`);

const FIELD_TYPES: readonly FieldType[] = ["string", "integer", "number", "boolean", "date", "long", "timestamp"];
const MODES = ["CSE", "CPK", "SSE"] as const;

const schema: fc.Arbitrary<DatasetSchema> = fc.record({
  format: fc.constantFrom("csv", "json", "parquet"),
  fields: fc.uniqueArray(fc.record({ fieldName: view, fieldType: fc.constantFrom(...FIELD_TYPES) }), {
    minLength: 1,
    maxLength: 6,
    selector: ({ fieldName }) => fieldName,
  }),
});

const vaultSecret: fc.Arbitrary<DatasetEncryptionSecret> = fc.record({ secretId: name, keyVaultUrl: url });

/** Keys in a vault, wherever the store takes them so. */
const wrapped = fc.record({ dek: vaultSecret, kek: fc.record({ secretId: name, keyVaultUrl: url, maaUrl: url }) });
const inGovernance = fc.record({ dek: fc.record({ cgsSecretId: name }) });

type Place = Pick<Dataset, "identity" | "dek" | "kek"> & { readonly store: DatasetStore };

/** A store of one type, with the keys that each of its modes has. */
function place(
  storageAccountType: StoreType,
  modes: readonly EncryptionMode[],
  store: fc.Arbitrary<Omit<DatasetStore, "storageAccountType" | "encryptionMode">>,
): fc.Arbitrary<Place> {
  const bucket = storageAccountType === "Aws_S3";
  const identity = fc.record({ clientId: guid, tenantId: guid, issuerUrl: url, name });
  return fc
    .record({ store, encryptionMode: fc.constantFrom(...modes), keys: bucket ? inGovernance : wrapped, identity })
    .map(({ store: where, encryptionMode, keys, identity: reader }) => ({
      store: { ...where, storageAccountType, encryptionMode },
      ...(encryptionMode === "SSE" ? {} : keys),
      ...(bucket ? {} : { identity: reader }),
    }));
}

const container = fc.record(
  { containerName: name, storageAccountUrl: url, subdirectory: name },
  { requiredKeys: ["containerName", "storageAccountUrl"] },
);
const bucketStore = fc.record(
  { containerName: name, storageAccountUrl: url, awsCgsSecretId: name, subdirectory: name },
  { requiredKeys: ["containerName", "storageAccountUrl", "awsCgsSecretId"] },
);
const oneLake = fc.tuple(name, name, name).map(([workspace, item, folder]) => ({
  containerName: workspace,
  storageAccountUrl: `https://onelake.example/${workspace}/${item}.Lakehouse/Files/${folder}`,
}));

const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  place("Azure_BlobStorage", MODES, container),
  place("Azure_BlobStorage_DataLakeGen2", MODES, container),
  place("Azure_OneLake", ["CSE", "SSE"], oneLake),
  place("Aws_S3", ["CSE", "SSE"], bucketStore),
);

/** A dataset of any store, mode and kind of key. */
export const dataset: fc.Arbitrary<Dataset> = fc
  .record({ schema, place: anyPlace, accessMode: fc.constantFrom("read" as const, "write" as const), seed: fc.nat() })
  .map(({ schema: datasetSchema, place: where, ...policy }) => {
    const names = datasetSchema.fields.map(({ fieldName }) => fieldName);
    return {
      ...where,
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
