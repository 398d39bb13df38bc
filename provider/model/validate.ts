// What cannot work is refused before anything is written. Each rule answers a sentence with place, value and remedy;
// what is not known yet passes.
import type { DatasetSchema } from "../../contract";
import { isGovernanceKey, type Dataset } from "./dataset";
import type { DatasetView, QueryContent, Segment } from "./query";
import { isKnown } from "./unknown";

/** Sentences; none when all is well. */
export type Problems = string[];

const FIELD_TYPES = ["string", "integer", "number", "boolean", "date", "long", "timestamp"];
const FORMATS = ["csv", "json", "parquet"];
const STORE_TYPES = ["Azure_BlobStorage", "Azure_BlobStorage_DataLakeGen2", "Azure_OneLake", "Aws_S3"];
const MODES = ["CSE", "CPK", "SSE"];
/** A document id stands in URLs and in `id:view,id:view`, so it holds neither separators nor blanks. */
const DOCUMENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const LONGEST_ID = 128;
const VIEW = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Executions sequences and thresholds are 32-bit integers in the service. */
const LARGEST = 2_147_483_647;

export function documentIdProblems(place: string, id: unknown): Problems {
  if (!isKnown(id)) {
    return [];
  }
  if (typeof id !== "string" || id.trim() === "") {
    return [`${place} is blank: give it a name.`];
  }
  if (id.length > LONGEST_ID) {
    return [`${place} '${shown(id)}' has ${id.length} characters: use at most ${LONGEST_ID}.`];
  }
  if (!DOCUMENT_ID.test(id)) {
    return [
      `${place} is '${shown(id)}': a document id holds letters, digits, '.', '_' and '-', and begins with a letter or digit.`,
    ];
  }
  return [];
}

export function datasetProblems(dataset: Dataset): Problems {
  return [
    ...storeProblems(dataset),
    ...schemaProblems(dataset.datasetSchema),
    ...accessProblems(dataset),
    ...keyProblems(dataset),
  ];
}

function storeProblems({ store, identity }: Dataset): Problems {
  const problems: Problems = [];
  if (isKnown(store.storageAccountType) && !STORE_TYPES.includes(store.storageAccountType)) {
    problems.push(
      `store.storageAccountType is '${shown(store.storageAccountType)}': use one of ${STORE_TYPES.join(", ")}.`,
    );
  }
  if (isKnown(store.encryptionMode) && !MODES.includes(store.encryptionMode)) {
    problems.push(
      `store.encryptionMode is '${shown(store.encryptionMode)}': use CSE (client side), CPK (customer provided key) or SSE (server side).`,
    );
  }
  if (isBlank(store.containerName)) {
    problems.push("store.containerName is blank: name the container or bucket.");
  }
  if (isKnown(store.storageAccountUrl) && !/^https:\/\//.test(store.storageAccountUrl)) {
    problems.push(`store.storageAccountUrl is '${shown(store.storageAccountUrl)}': it must be an https URL.`);
  }
  const s3 = store.storageAccountType === "Aws_S3";
  if (s3 && isBlank(store.awsCgsSecretId)) {
    problems.push(
      "store.awsCgsSecretId is blank: an S3 dataset needs the governance secret with its access key. Publish it with ContractSecret, or let S3Dataset do so.",
    );
  }
  if (!s3 && isKnown(store.storageAccountType) && isKnown(identity) && !identity) {
    problems.push(
      `identity is missing: the clean room reads a store of type ${store.storageAccountType} with a managed identity. Give one (WorkloadIdentity).`,
    );
  }
  for (const field of ["clientId", "tenantId", "issuerUrl", "name"] as const) {
    if (identity && isBlank(identity[field])) {
      problems.push(`identity.${field} is blank: take it from the WorkloadIdentity.`);
    }
  }
  return problems;
}

function schemaProblems(schema: DatasetSchema): Problems {
  if (!isKnown(schema.fields)) {
    return [];
  }
  const problems: Problems = [];
  if (isKnown(schema.format) && !FORMATS.includes(schema.format)) {
    problems.push(`datasetSchema.format is '${shown(schema.format)}': use one of ${FORMATS.join(", ")}.`);
  }
  if (schema.fields.length === 0) {
    problems.push("datasetSchema.fields is empty: name the fields of the data.");
  }
  const seen = new Map<string, number>();
  schema.fields.forEach(({ fieldName, fieldType }, index) => {
    const place = `datasetSchema.fields[${index}]`;
    if (isBlank(fieldName)) {
      problems.push(`${place}.fieldName is blank: name the field.`);
    }
    if (!FIELD_TYPES.includes(fieldType)) {
      problems.push(
        `${place}.fieldType is '${shown(fieldType)}' (field '${fieldName}'): use one of ${FIELD_TYPES.join(", ")}.`,
      );
    }
    const first = seen.get(fieldName);
    if (first !== undefined) {
      problems.push(`${place}.fieldName '${fieldName}' is named before, at fields[${first}]: name each field once.`);
    } else {
      seen.set(fieldName, index);
    }
  });
  return problems;
}

function accessProblems({ datasetAccessPolicy: { accessMode, allowedFields }, datasetSchema }: Dataset): Problems {
  const problems: Problems = [];
  if (isKnown(accessMode) && accessMode !== "read" && accessMode !== "write") {
    problems.push(`datasetAccessPolicy.accessMode is '${shown(accessMode)}': use read or write.`);
  }
  if (!isKnown(allowedFields) || !isKnown(datasetSchema.fields)) {
    return problems;
  }
  if (allowedFields.length === 0) {
    problems.push(
      "datasetAccessPolicy.allowedFields is empty: the clean room refuses such a dataset when a query runs. Name the fields that queries may use.",
    );
  }
  const fields = datasetSchema.fields.map(({ fieldName }) => fieldName);
  for (const field of allowedFields) {
    if (!fields.includes(field)) {
      problems.push(
        `datasetAccessPolicy.allowedFields names '${shown(field)}', which is not in the schema (${fields.join(", ")}): the clean room would drop it without a word. Correct the name or add the field.`,
      );
    }
  }
  return problems;
}

function keyProblems({ store: { encryptionMode, storageAccountType }, dek, kek }: Dataset): Problems {
  if (!isKnown(encryptionMode) || !isKnown([dek, kek])) {
    return [];
  }
  if (encryptionMode === "SSE") {
    return dek || kek
      ? [
          "dek and kek are given, but store.encryptionMode is SSE: the store itself encrypts. Leave them out, or use CSE or CPK.",
        ]
      : [];
  }
  if (!dek) {
    return [`dek is missing: store.encryptionMode ${encryptionMode} needs the key that the data is encrypted with.`];
  }
  if (isGovernanceKey(dek)) {
    return kek ? ["kek is given, but the dek is a governance secret, which no other key wraps: leave kek out."] : [];
  }
  if (!kek) {
    return [
      `kek is missing: store.encryptionMode ${encryptionMode} on ${storageAccountType} needs the key that wraps the dek. Use ReleaseKey.`,
    ];
  }
  return isBlank(kek.maaUrl)
    ? [
        `kek.maaUrl is blank: store.encryptionMode ${encryptionMode} needs the attestation service whose word the vault takes. Take it from the clean room's details (attestationUrl).`,
      ]
    : [];
}

export function queryProblems({ segments, inputs, output }: QueryContent): Problems {
  const problems = segmentProblems(segments);
  if (isKnown(inputs) && inputs.length === 0) {
    problems.push("inputs is empty: name at least one dataset that the query reads.");
  }
  problems.push(...lastStepProblems(segments));
  const views = new Map<string, string>();
  const all = [...inputs.map((input, index) => [`inputs[${index}]`, input] as const), ["output", output] as const];
  for (const [place, { documentId, view }] of all) {
    problems.push(...documentIdProblems(`${place}.documentId`, documentId), ...viewProblems(`${place}.view`, view));
    const before = views.get(view);
    if (isKnown(view) && before !== undefined) {
      problems.push(`${place}.view '${view}' is taken by ${before}: give each dataset a view name of its own.`);
    }
    views.set(view, place);
  }
  return problems;
}

/** The clean room takes the result from the last step, and fails when that has several segments (run_query, 8.0.0). */
function lastStepProblems(segments: readonly Segment[]): Problems {
  if (!isKnown(segments) || segments.length === 0) {
    return [];
  }
  const last = Math.max(...segments.map(({ sequence }) => sequence));
  const there = segments.filter(({ sequence }) => sequence === last).length;
  return there > 1
    ? [
        `segments: ${there} have the last sequence, ${last}, but the result comes from one: give the one whose result is meant a higher sequence.`,
      ]
    : [];
}

export function segmentProblems(segments: readonly Segment[]): Problems {
  if (!isKnown(segments)) {
    return [];
  }
  const problems: Problems = [];
  if (segments.length === 0) {
    problems.push("segments is empty: a query has at least one SQL text.");
  }
  segments.forEach(({ sequence, sql, preConditions, postFilters }, index) => {
    const place = `segments[${index}]`;
    if (!isCount(sequence)) {
      problems.push(`${place}.sequence is ${shown(sequence)}: use a whole number from 0 on; lower ones run first.`);
    }
    if (isBlank(sql)) {
      problems.push(`${place}.sql is empty: give the SQL text of this segment.`);
    }
    for (const [name, values] of Object.entries({ preConditions, postFilters })) {
      for (const [key, value] of Object.entries(values ?? {})) {
        problems.push(...viewProblems(`${place}.${name}`, key));
        if (!isCount(value)) {
          problems.push(`${place}.${name}.${key} is ${shown(value)}: use a whole number from 0 on.`);
        }
      }
    }
  });
  return problems;
}

function viewProblems(place: string, view: DatasetView["view"]): Problems {
  if (!isKnown(view) || VIEW.test(view)) {
    return [];
  }
  return [
    `${place} is '${shown(view)}': a name in SQL holds letters, digits and '_', and does not begin with a digit.`,
  ];
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LARGEST;
}

function isBlank(value: unknown): boolean {
  return isKnown(value) && (typeof value !== "string" || value.trim() === "");
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : String(JSON.stringify(value));
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
