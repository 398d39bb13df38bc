// A query's content: one normal form for what authors write and what governance stores, its digest, and amendments.
import type { QuerySegment, SparkApplicationSpecification } from "../../contract";
import { canonicalJson, digestOf } from "./canonical";
import { normalise } from "./dataset";
import { parseJson } from "./json";

/** One step of a query. Lower sequences run first, equal ones in parallel. */
export interface Segment {
  readonly sequence: number;
  readonly sql: string;
  /** Smallest number of rows each named view must have, or the segment does not run. */
  readonly preConditions?: Readonly<Record<string, number>>;
  /** Smallest value each named column must have, or the row is dropped from the result. */
  readonly postFilters?: Readonly<Record<string, number>>;
}

/** A dataset under the name by which the SQL reads or writes it. */
export interface DatasetView {
  readonly documentId: string;
  readonly view: string;
}

export interface QueryContent {
  readonly segments: readonly Segment[];
  readonly inputs: readonly DatasetView[];
  readonly output: DatasetView;
}

/** What a reviewer agrees to: the text, who must agree, and the very datasets it reads and writes. */
export interface Reviewable {
  readonly documentId: string;
  readonly contractId: string;
  readonly query: QueryContent;
  readonly approvers: readonly string[];
  readonly datasets: readonly { readonly documentId: string; readonly digest: string; readonly owner: string }[];
}

/** The query in its normal form: segments in the order they run, texts with plain line ends, conditions sorted. */
export function canonicalQuery({ segments, inputs, output }: QueryContent): QueryContent {
  return {
    segments: segments.map(canonicalSegment).sort((a, b) => a.sequence - b.sequence),
    inputs: inputs.map(canonicalView).sort((a, b) => compare(a.view, b.view)),
    output: canonicalView(output),
  };
}

/** The digest that `propose` and `QueryApproval` name. */
export function reviewDigest({ documentId, contractId, query, approvers, datasets }: Reviewable): string {
  return digestOf({
    documentId,
    contractId,
    query: canonicalQuery(query),
    approvers: [...new Set(approvers)].sort(),
    datasets: [...datasets].sort((a, b) => compare(a.documentId, b.documentId)),
  });
}

/** Digest of the text alone, for telling whether a draft is still what somebody wrote. */
export function textDigest(query: QueryContent): string {
  return digestOf(canonicalQuery(query));
}

/** The query with every segment replaced whose sequence the amendment names; the others stay. */
export function amended(query: QueryContent, amendment: readonly Segment[]): QueryContent {
  const named = new Set(amendment.map(({ sequence }) => sequence));
  return { ...query, segments: [...query.segments.filter(({ sequence }) => !named.has(sequence)), ...amendment] };
}

/** Whether `ours` would undo something that `theirs` changed in `base`: a step, what is read, or where it is written. */
export function undoes(ours: QueryContent, theirs: QueryContent, base: QueryContent): boolean {
  const [mine, others, before] = [ours, theirs, base].map(partsOf) as [Parts, Parts, Parts];
  return [...new Set([...others.keys(), ...before.keys()])].some(
    (part) => others.get(part) !== before.get(part) && mine.get(part) !== others.get(part),
  );
}

type Parts = ReadonlyMap<string, string>;

function partsOf(query: QueryContent): Parts {
  const { segments, inputs, output } = canonicalQuery(query);
  const parts = new Map([
    ["inputs", canonicalJson(inputs)],
    ["output", canonicalJson(output)],
  ]);
  for (const segment of segments) {
    const step = `segment ${segment.sequence}`;
    parts.set(step, `${parts.get(step) ?? ""}${canonicalJson(segment)}`);
  }
  return parts;
}

/** What governance stores: the application the frontend would make of this query (release 8.0.0). */
export function toApplication(documentId: string, query: QueryContent): SparkApplicationSpecification {
  const { segments, inputs, output } = canonicalQuery(query);
  const stored = {
    segments: segments.map(({ sequence, sql, preConditions, postFilters }): QuerySegment => ({
      executionSequence: sequence,
      data: sql,
      preConditions: Object.entries(preConditions ?? {}).map(([viewName, minRowCount]) => ({ viewName, minRowCount })),
      postFilters: Object.entries(postFilters ?? {}).map(([columnName, value]) => ({ columnName, value })),
    })),
  };
  return {
    name: documentId,
    application: {
      applicationType: "Spark-SQL",
      inputDataset: inputs.map(({ documentId: specification, view }) => ({ specification, view })),
      outputDataset: { specification: output.documentId, view: output.view },
      query: Buffer.from(JSON.stringify(stored), "utf8").toString("base64"),
    },
  };
}

/** Reads a stored application back. Throws a SyntaxError or TypeError when it is none. */
export function toQuery({ application }: SparkApplicationSpecification): QueryContent {
  const { segments } = parseJson(Buffer.from(application.query, "base64").toString("utf8")) as {
    segments: readonly QuerySegment[];
  };
  return canonicalQuery({
    segments: segments.map(({ executionSequence, data, preConditions, postFilters }) => ({
      sequence: executionSequence,
      sql: data,
      preConditions: Object.fromEntries(
        (preConditions ?? []).map(({ viewName, minRowCount }) => [viewName, minRowCount]),
      ),
      postFilters: Object.fromEntries((postFilters ?? []).map(({ columnName, value }) => [columnName, value])),
    })),
    inputs: application.inputDataset.map(({ specification, view }) => ({ documentId: specification, view })),
    output: { documentId: application.outputDataset.specification, view: application.outputDataset.view },
  });
}

/**
 * Whether the application says nothing but what `toQuery` reads of it: a part that nobody reviewed must not ride along.
 * What services add for things left out, and the order of what has none, do not count.
 */
export function isWhole(application: SparkApplicationSpecification): boolean {
  const plain = (stored: SparkApplicationSpecification): string =>
    canonicalJson(normalise({ ...stored, application: { ...stored.application, ...ordered(stored) } }));
  return plain(application) === plain(toApplication(application.name, toQuery(application)));
}

function ordered({ application: { inputDataset, query } }: SparkApplicationSpecification): object {
  const { segments, ...rest } = parseJson(Buffer.from(query, "base64").toString("utf8")) as {
    segments: readonly QuerySegment[];
  };
  const bySequence = [...segments].sort((a, b) => a.executionSequence - b.executionSequence);
  return {
    inputDataset: [...inputDataset].sort((a, b) => compare(a.view, b.view)),
    query: {
      ...rest,
      segments: bySequence.map((segment) => ({
        ...segment,
        data: canonicalText(segment.data),
        preConditions: nonEmpty(segment.preConditions, ({ viewName }) => viewName),
        postFilters: nonEmpty(segment.postFilters, ({ columnName }) => columnName),
      })),
    },
  };
}

function nonEmpty<T>(list: readonly T[] | null | undefined, name: (item: T) => string): readonly T[] | undefined {
  return list && list.length > 0 ? [...list].sort((a, b) => compare(name(a), name(b))) : undefined;
}

function canonicalText(sql: string): string {
  return sql.replace(/\r\n?/g, "\n").trimEnd();
}

/** The text with plain line ends and without blanks at its end, which mean nothing and change on the way. */
function canonicalSegment({ sequence, sql, preConditions, postFilters }: Segment): Segment {
  return {
    sequence,
    sql: canonicalText(sql),
    ...conditions("preConditions", preConditions),
    ...conditions("postFilters", postFilters),
  };
}

function conditions(key: string, values: Readonly<Record<string, number>> | undefined): object {
  const entries = Object.entries(values ?? {}).sort(([a], [b]) => compare(a, b));
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}

function canonicalView({ documentId, view }: DatasetView): DatasetView {
  return { documentId, view };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
