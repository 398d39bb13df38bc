// A dataset that the clean room could never read, or would read otherwise than meant, is refused before it is published.
import type { DatasetAccessPolicy, DatasetSchema, DatasetStore } from "../../../contract";
import { MODES, STORES } from "../../../contract/combinations";
import type { Dataset } from "../dataset";
import { isKnown } from "../unknown";
import { keyProblems } from "./keys";
import { placeProblems } from "./place";
import {
  blankProblems,
  choiceProblems,
  isBlank,
  isNothing,
  listAt,
  objectAt,
  shown,
  type Problems,
  type Unchecked,
} from "./parts";

const FIELD_TYPES = ["string", "integer", "number", "boolean", "date", "long", "timestamp"];
const FORMATS = ["csv", "json", "parquet"];

export function datasetProblems(dataset: Dataset): Problems {
  const problems: Problems = [];
  const store = objectAt<DatasetStore>(problems, "store", dataset.store, "say where the data is.");
  const schema = objectAt<DatasetSchema>(problems, "datasetSchema", dataset.datasetSchema, "give format and fields.");
  const policy = objectAt<DatasetAccessPolicy>(
    problems,
    "datasetAccessPolicy",
    dataset.datasetAccessPolicy,
    "give accessMode and allowedFields.",
  );
  return [
    ...problems,
    ...(store === undefined ? [] : storeProblems(store)),
    ...identityProblems(dataset.identity, store?.storageAccountType),
    ...(schema === undefined ? [] : schemaProblems(schema)),
    ...(policy === undefined ? [] : accessProblems(policy, schema)),
    ...(store === undefined ? [] : keyProblems(store, dataset.dek, dataset.kek)),
  ];
}

function storeProblems(store: Unchecked<DatasetStore>): Problems {
  return [
    ...choiceProblems("store.storageAccountType", store.storageAccountType, STORES),
    ...choiceProblems(
      "store.encryptionMode",
      store.encryptionMode,
      MODES,
      "use CSE (client side), CPK (customer provided key) or SSE (server side).",
    ),
    ...blankProblems("store.containerName", store.containerName, "name the container or bucket."),
    ...placeProblems(store),
    ...(store.storageAccountType === "Aws_S3"
      ? blankProblems(
          "store.awsCgsSecretId",
          store.awsCgsSecretId,
          "an S3 dataset needs the governance secret with its access key. Publish it with ContractSecret, or let S3Dataset do so.",
        )
      : []),
  ];
}

function identityProblems(identity: Dataset["identity"], storeType: unknown): Problems {
  if (isNothing(identity)) {
    return typeof storeType === "string" && storeType !== "Aws_S3" && (STORES as readonly string[]).includes(storeType)
      ? [
          `identity is missing: the clean room reads a store of type ${storeType} with a managed identity. Give one (WorkloadIdentity).`,
        ]
      : [];
  }
  const remedy = "take it from the WorkloadIdentity.";
  const problems: Problems = [];
  const parts = objectAt<NonNullable<Dataset["identity"]>>(problems, "identity", identity ?? undefined, remedy);
  for (const field of ["clientId", "tenantId", "issuerUrl", "name"] as const) {
    problems.push(...(parts === undefined ? [] : blankProblems(`identity.${field}`, parts[field], remedy)));
  }
  return problems;
}

function schemaProblems(schema: Unchecked<DatasetSchema>): Problems {
  const problems = choiceProblems("datasetSchema.format", schema.format, FORMATS);
  const fields = listAt(schema.fields);
  if (fields?.length === 0) {
    problems.push("datasetSchema.fields is empty: name the fields of the data.");
  }
  const seen = new Map<unknown, number>();
  fields?.forEach((item, index) => {
    const place = `datasetSchema.fields[${index}]`;
    const field = objectAt<DatasetSchema["fields"][number]>(
      problems,
      place,
      item as DatasetSchema["fields"][number],
      "give fieldName and fieldType.",
    );
    if (field === undefined) {
      return;
    }
    const { fieldName, fieldType } = field;
    problems.push(...blankProblems(`${place}.fieldName`, fieldName, "name the field."));
    if (isKnown(fieldType) && !FIELD_TYPES.includes(fieldType as string)) {
      const type = isNothing(fieldType) ? "is missing" : `is '${shown(fieldType)}'`;
      problems.push(`${place}.fieldType ${type} (field '${shown(fieldName)}'): use one of ${FIELD_TYPES.join(", ")}.`);
    }
    const first = seen.get(fieldName);
    if (first !== undefined) {
      problems.push(
        `${place}.fieldName '${shown(fieldName)}' is named before, at fields[${first}]: name each field once.`,
      );
    } else if (isKnown(fieldName) && !isBlank(fieldName)) {
      seen.set(fieldName, index);
    }
  });
  return problems;
}

function accessProblems(
  policy: Unchecked<DatasetAccessPolicy>,
  schema: Unchecked<DatasetSchema> | undefined,
): Problems {
  const problems = choiceProblems(
    "datasetAccessPolicy.accessMode",
    policy.accessMode,
    ["read", "write"],
    "use read or write.",
  );
  const allowed = listAt(policy.allowedFields);
  if (allowed?.length === 0) {
    problems.push(
      "datasetAccessPolicy.allowedFields is empty: the clean room refuses such a dataset when a query runs. Name the fields that queries may use.",
    );
  }
  const twice = allowed?.find((field, index) => isKnown(field) && allowed.indexOf(field) !== index);
  if (twice !== undefined) {
    problems.push(
      `datasetAccessPolicy.allowedFields names '${shown(twice)}' twice: every query that uses the field would find it ambiguous. Name each field once.`,
    );
  }
  if (schema === undefined || !isKnown(schema.fields)) {
    return problems;
  }
  const fields = (listAt(schema.fields) ?? []).map((field) => (field as { fieldName?: unknown } | null)?.fieldName);
  for (const field of fields.length === 0 ? [] : (allowed ?? [])) {
    if (isKnown(field) && !fields.includes(field)) {
      problems.push(
        `datasetAccessPolicy.allowedFields names '${shown(field)}', which is not in the schema (${fields.map(shown).join(", ")}): the clean room would drop it without a word. Correct the name or add the field.`,
      );
    }
  }
  return problems;
}
