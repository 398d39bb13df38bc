// Query details, as collaborators give them, and the Spark application that governance stores: one from the other.
import type { QueryData, QueryDetails, QuerySegment } from "../../contract";
import { ServiceError } from "../http";
import { dotnetJson } from "./dotnet-json";
import { at, parseStored } from "./specification";

export interface QueryDataset {
  readonly specification: string;
  readonly view: string;
}

export interface PublishedQuery {
  readonly inputs: readonly QueryDataset[];
  readonly output: QueryDataset;
  readonly segments: readonly QuerySegment[];
}

/** @throws ServiceError 400 where a `name:value` pair is none */
export function parseQuery({ queryData, inputDatasets, outputDataset }: QueryDetails): PublishedQuery {
  const inputs = split(inputDatasets).map(parseDataset);
  const output = parseDataset(outputDataset.trim());
  return { segments: queryData.map(parseSegment), inputs, output };
}

export function toApplication(id: string, { inputs, output, segments }: PublishedQuery): unknown {
  const query = Buffer.from(dotnetJson({ segments })).toString("base64");
  return {
    name: id,
    application: { applicationType: "Spark-SQL", inputDataset: inputs, outputDataset: output, query },
  };
}

export function toQueryDetails(data: unknown): unknown {
  const application = at(parseStored(data, "InvalidQuerySpecification", "Invalid query specification"), "application");
  const { inputDataset, outputDataset } = datasetsOf(application);
  const encoded =
    typeof application.query === "string" ? Buffer.from(application.query, "base64").toString("utf8") : "";
  const parsed = encoded === "" ? {} : parseStored(encoded, "InvalidQuerySpecification", "Invalid query");
  const segments = (parsed.segments ?? []) as QuerySegment[];
  return {
    queryData: segments.map(({ postFilters = [], preConditions = [], executionSequence, data: sql }) => ({
      postFilters: postFilters.map(({ columnName, value }) => `${columnName}:${value}`).join(","),
      preConditions: preConditions.map(({ viewName, minRowCount }) => `${viewName}:${minRowCount}`).join(","),
      executionSequence,
      data: sql,
    })),
    inputDatasets: inputDataset.map(pair).join(","),
    outputDataset: pair(outputDataset),
  };
}

/** How often a stored query names a dataset: as input and as output it counts twice, and is listed twice. */
export function uses(data: string, datasetId: string): number {
  let application: ReturnType<typeof datasetsOf>;
  try {
    application = datasetsOf(at(parseStored(data, "ContentEmpty", ""), "application"));
  } catch (error) {
    if (error instanceof ServiceError) return 0;
    throw error;
  }
  const asInput = application.inputDataset.some((each) => each.specification === datasetId);
  return Number(asInput) + Number(application.outputDataset.specification === datasetId);
}

function datasetsOf(application: Record<string, unknown>): {
  inputDataset: QueryDataset[];
  outputDataset: QueryDataset;
} {
  const inputDataset = at(application, "inputDataset") as unknown;
  if (!Array.isArray(inputDataset))
    throw new ServiceError(500, "JsonException", "The JSON value could not be converted.");
  return {
    inputDataset: inputDataset as QueryDataset[],
    outputDataset: at(application, "outputDataset") as unknown as QueryDataset,
  };
}

const pair = ({ specification, view }: QueryDataset): string => `${specification}:${view}`;

function split(list: string): string[] {
  return list
    .split(",")
    .filter((each) => each !== "")
    .map((each) => each.trim());
}

function parseDataset(text: string): QueryDataset {
  const [specification, view, ...rest] = text.split(":");
  if (specification === undefined || view === undefined || rest.length > 0) {
    const message = "Query dataset is expected to be a ':' separated string of the format <DatasetDocumentId>:<View>.";
    throw new ServiceError(400, "InvalidQueryDatasetFormat", message);
  }
  return { specification: specification.trim(), view: view.trim() };
}

function parseSegment({ data, executionSequence, preConditions, postFilters }: QueryData): QuerySegment {
  return {
    executionSequence,
    data,
    preConditions: split(preConditions).map((each) => {
      const [viewName, minRowCount] = parsePair(each, "PreCondition", "ViewName", "MinRowCount");
      return { viewName, minRowCount };
    }),
    postFilters: split(postFilters).map((each) => {
      const [columnName, value] = parsePair(each, "PostFilter", "ColumnName", "Value");
      return { columnName, value };
    }),
  };
}

function parsePair(text: string, kind: string, first: string, second: string): [string, number] {
  const code = `Invalid${kind}Format`;
  const [name, count, ...rest] = text.split(":");
  if (name === undefined || count === undefined || rest.length > 0) {
    const message = `${kind} is expected to be a ':' separated string of the format <${first}>:<${second}>.`;
    throw new ServiceError(400, code, message);
  }
  if (!/^\s*\+?\d+\s*$/.test(count) || Number(count) >= 2 ** 31) {
    throw new ServiceError(400, code, `${second} in ${kind} must be a valid integer.`);
  }
  return [name.trim(), Number(count)];
}
