// Differences as a colleague reads them: SQL by lines, everything else by field.
import { createTwoFilesPatch } from "diff";
import { canonicalJson } from "./canonical";
import { canonicalQuery, type QueryContent, type Reviewable } from "./query";
import { visibleLines } from "./visible";

/** A unified diff of two queries, empty when they are the same. */
export function queryDifference(ours: QueryContent, theirs: QueryContent, oursIs: string, theirsIs: string): string {
  return textDifference(render(ours), render(theirs), oursIs, theirsIs);
}

/** A query and, where they are known, who must accept it and which contents of which owners it uses. */
type Review = Pick<Reviewable, "query"> & Partial<Pick<Reviewable, "approvers" | "datasets">>;

/** A unified diff of two reviews, by what both of them know; empty when they are the same. */
export function reviewDifference(ours: Review, theirs: Review, oursIs: string, theirsIs: string): string {
  const { approvers, datasets } = ours;
  const comparable = {
    query: theirs.query,
    approvers: approvers && theirs.approvers,
    datasets: datasets && theirs.datasets,
  };
  return textDifference(renderReview(ours), renderReview(comparable), oursIs, theirsIs);
}

function renderReview({ query, approvers = [], datasets = [] }: Review): string {
  const lines = [
    ...[...approvers].sort().map((id) => `-- approver ${id}`),
    ...datasets.map(({ documentId, owner, digest }) => `-- ${documentId} of ${owner}, with content ${digest}`).sort(),
  ];
  return `${render(query)}${lines.map((line) => `${line}\n`).join("")}`;
}

/** A unified diff of two values' JSON, empty when they are the same. */
export function jsonDifference(ours: unknown, theirs: unknown, oursIs: string, theirsIs: string): string {
  return textDifference(pretty(ours), pretty(theirs), oursIs, theirsIs);
}

function textDifference(ours: string, theirs: string, oursIs: string, theirsIs: string): string {
  if (ours === theirs) {
    return "";
  }
  return createTwoFilesPatch(oursIs, theirsIs, ours, theirs, undefined, undefined, { context: 2 })
    .split("\n")
    .filter((line) => !/^(=+|\\ No newline.*)?$/.test(line))
    .join("\n");
}

/**
 * The query as a reviewer reads it, line by line: segments in the order they run, then the datasets. What would be
 * invisible in it, or would be read in another order than it stands, is spelled out.
 */
export function queryLines(query: QueryContent): readonly string[] {
  return render(query).trimEnd().split("\n");
}

function render(query: QueryContent): string {
  const { segments, inputs, output } = canonicalQuery(query);
  const lines = segments.flatMap(({ sequence, sql, preConditions, postFilters }) => [
    `-- segment ${sequence}`,
    ...Object.entries(preConditions ?? {}).map(([view, rows]) => `-- runs only if ${view} has ${rows} rows or more`),
    ...Object.entries(postFilters ?? {}).map(
      ([column, value]) => `-- keeps only rows with ${column} of ${value} or more`,
    ),
    ...sql.split("\n"),
  ]);
  const datasets = [
    ...inputs.map(({ documentId, view }) => `-- reads ${documentId} as ${view}`),
    `-- writes ${output.documentId} as ${output.view}`,
  ];
  return visibleLines([...lines, ...datasets, ""].join("\n"));
}

function pretty(value: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value ?? null)), undefined, 2)}\n`;
}
