// A query that could never run is refused before it is written.
import { toApplication, type DatasetView, type QueryContent, type Segment } from "../query";
import { isKnown } from "../unknown";
import { documentIdProblems, isBlank, isCount, isNothing, listAt, objectAt, shown, type Problems } from "./parts";

const VIEW = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Largest request that governance takes, in bytes: CCF's default (`max_body_size`). */
const LARGEST_REQUEST = 1_048_576;
/** What stands in the request beside the text: ids, labels, approvers. */
const BESIDE = 16_384;

export function queryProblems({ segments, inputs, output }: QueryContent): Problems {
  const problems = [...segmentProblems(segments), ...lastStepProblems(segments)];
  const reads = listAt(inputs);
  if (reads?.length === 0) {
    problems.push("inputs is empty: name at least one dataset that the query reads.");
  }
  const views = new Map<unknown, string>();
  const all = [
    ...(reads ?? []).map((input, index) => [`inputs[${index}]`, input] as const),
    ["output", output] as const,
  ];
  for (const [place, item] of all) {
    const dataset = objectAt<DatasetView>(problems, place, item as DatasetView, "name a dataset and its view.");
    if (dataset === undefined) {
      continue;
    }
    const { documentId, view } = dataset;
    problems.push(...documentIdProblems(`${place}.documentId`, documentId), ...viewProblems(`${place}.view`, view));
    const before = views.get(view);
    if (isKnown(view) && before !== undefined) {
      problems.push(`${place}.view '${shown(view)}' is taken by ${before}: give each dataset a view name of its own.`);
    }
    views.set(view, place);
  }
  return problems.length > 0 ? problems : sizeProblems({ segments, inputs, output });
}

function sizeProblems(query: QueryContent): Problems {
  if (!isKnown(query)) {
    return [];
  }
  const size = Buffer.byteLength(JSON.stringify(JSON.stringify(toApplication("", query))));
  return size <= LARGEST_REQUEST - BESIDE
    ? []
    : [
        `The query takes ${size} bytes as governance stores it (in base64), which takes ${LARGEST_REQUEST - BESIDE} at most: shorten its SQL, or make two queries of it.`,
      ];
}

/** The clean room takes the result from the last step, and fails when that has several segments (run_query, 8.0.0). */
function lastStepProblems(segments: unknown): Problems {
  const sequences = (listAt(segments) ?? []).map((segment) => (segment as { sequence?: unknown } | null)?.sequence);
  if (sequences.length === 0 || !sequences.every((sequence) => typeof sequence === "number")) {
    return [];
  }
  const last = Math.max(...sequences);
  const there = sequences.filter((sequence) => sequence === last).length;
  return there > 1
    ? [
        `segments: ${there} have the last sequence, ${last}, but the result comes from one: give the one whose result is meant a higher sequence.`,
      ]
    : [];
}

export function segmentProblems(segments: readonly Segment[]): Problems {
  const problems: Problems = [];
  const list = listAt(segments);
  if (list?.length === 0) {
    problems.push("segments is empty: a query has at least one SQL text.");
  }
  list?.forEach((item, index) => {
    const place = `segments[${index}]`;
    const segment = objectAt<Segment>(problems, place, item as Segment, "give sequence and sql.");
    if (segment === undefined) {
      return;
    }
    const { sequence, sql, preConditions, postFilters } = segment;
    if (isKnown(sequence) && !isCount(sequence)) {
      problems.push(`${place}.sequence is ${shown(sequence)}: use a whole number from 0 on; lower ones run first.`);
    }
    if (isBlank(sql)) {
      problems.push(`${place}.sql is empty: give the SQL text of this segment.`);
    }
    problems.push(
      ...conditionProblems(`${place}.preConditions`, preConditions),
      ...conditionProblems(`${place}.postFilters`, postFilters),
    );
  });
  return problems;
}

function conditionProblems(place: string, values: unknown): Problems {
  const problems: Problems = [];
  const conditions = isNothing(values) ? {} : objectAt(problems, place, values, "give names and numbers.");
  for (const [key, value] of Object.entries(conditions ?? {})) {
    problems.push(...viewProblems(place, key));
    if (isKnown(value) && !isCount(value)) {
      problems.push(`${place}.${key} is ${shown(value)}: use a whole number from 0 on.`);
    }
  }
  return problems;
}

function viewProblems(place: string, view: unknown): Problems {
  if (!isKnown(view) || (typeof view === "string" && VIEW.test(view))) {
    return [];
  }
  const what = isNothing(view) ? "is missing" : `is '${shown(view)}'`;
  return [`${place} ${what}: a name in SQL holds letters, digits and '_', and does not begin with a digit.`];
}
