// A query's two forms, its digests, and what an amendment does to it.
import fc from "fast-check";
import { query as anyQuery } from "../../test/helpers/arbitraries";
import {
  amended,
  canonicalQuery,
  isWhole,
  reviewDigest,
  textDigest,
  toApplication,
  toQuery,
  undoes,
  type QueryContent,
} from "./query";

const RUNS = { numRuns: 1_000 };

const query: QueryContent = {
  segments: [
    { sequence: 2, sql: "INSERT INTO results SELECT region, SUM(amount) FROM big", postFilters: { buyers: 25 } },
    { sequence: 1, sql: "CREATE VIEW big AS SELECT * FROM sales", preConditions: { sales: 1000 } },
  ],
  inputs: [{ documentId: "contosso-sales", view: "sales" }],
  output: { documentId: "litware-results", view: "results" },
};
const review = {
  documentId: "fabrikam-query",
  contractId: "analytics",
  query,
  approvers: ["contosso", "litware"],
  datasets: [
    { documentId: "contosso-sales", digest: "sha256:01", owner: "contosso" },
    { documentId: "litware-results", digest: "sha256:02", owner: "litware" },
  ],
};

describe("the application that governance stores", () => {
  test("is the one that the frontend makes: segments in the order they run, in base64", () => {
    const { name, application } = toApplication("fabrikam-query", query);
    expect(name).toBe("fabrikam-query");
    expect({
      ...application,
      query: JSON.parse(Buffer.from(application.query, "base64").toString("utf8")) as unknown,
    }).toEqual({
      applicationType: "Spark-SQL",
      inputDataset: [{ specification: "contosso-sales", view: "sales" }],
      outputDataset: { specification: "litware-results", view: "results" },
      query: {
        segments: [
          {
            executionSequence: 1,
            data: "CREATE VIEW big AS SELECT * FROM sales",
            preConditions: [{ viewName: "sales", minRowCount: 1000 }],
            postFilters: [],
          },
          {
            executionSequence: 2,
            data: "INSERT INTO results SELECT region, SUM(amount) FROM big",
            preConditions: [],
            postFilters: [{ columnName: "buyers", value: 25 }],
          },
        ],
      },
    });
  });

  test("reads back as the query that it was made from", () => {
    fc.assert(
      fc.property(anyQuery, (content) => {
        expect(toQuery(toApplication("id", content))).toEqual(canonicalQuery(content));
      }),
      RUNS,
    );
  });

  test("reads a segment without conditions, as others may have written it", () => {
    const segments = [{ executionSequence: 1, data: "SELECT 1", preConditions: null, postFilters: null }];
    const application = toApplication("id", query).application;
    const stored = { ...application, query: Buffer.from(JSON.stringify({ segments })).toString("base64") };
    expect(toQuery({ name: "id", application: stored }).segments).toEqual([{ sequence: 1, sql: "SELECT 1" }]);
  });
});

describe("the normal form", () => {
  test("has plain line ends and no blanks at the end of a text", () => {
    const [segment] = canonicalQuery({
      ...query,
      segments: [{ sequence: 1, sql: "SELECT 1\r\nFROM a\rWHERE b \n\n" }],
    }).segments;
    expect(segment?.sql).toBe("SELECT 1\nFROM a\nWHERE b");
  });

  test("keeps blanks within a text, where they may stand between quotes", () => {
    const sql = "  SELECT 'a  b'\n\n\tFROM c";
    expect(canonicalQuery({ ...query, segments: [{ sequence: 1, sql }] }).segments[0]?.sql).toBe(sql);
  });

  test("made twice is the same", () => {
    fc.assert(
      fc.property(anyQuery, (content) => {
        expect(canonicalQuery(canonicalQuery(content))).toEqual(canonicalQuery(content));
      }),
      RUNS,
    );
  });
});

describe("the digest of a review", () => {
  const digest = reviewDigest(review);

  test("does not depend on the order of approvers, datasets, inputs or steps", () => {
    fc.assert(
      fc.property(anyQuery, fc.uniqueArray(fc.uuid(), { minLength: 1 }), (content, approvers) => {
        // Equal sequences run in parallel, yet are told apart by their order; only different ones are put in order.
        const steps = new Map(content.segments.map((segment) => [segment.sequence, segment]));
        const ordered = { ...content, segments: [...steps.values()] };
        const datasets = content.inputs.map(({ documentId }, i) => ({
          documentId: `${documentId}${i}`,
          digest: "",
          owner: "",
        }));
        const turned = {
          ...ordered,
          segments: [...ordered.segments].reverse(),
          inputs: [...ordered.inputs].reverse(),
        };
        expect(
          reviewDigest({
            ...review,
            query: turned,
            approvers: [...approvers, ...approvers].reverse(),
            datasets: [...datasets].reverse(),
          }),
        ).toBe(reviewDigest({ ...review, query: ordered, approvers, datasets }));
      }),
      RUNS,
    );
  });

  test.each([
    ["the document", { documentId: "another-query" }],
    ["the contract", { contractId: "another" }],
    ["an approver less", { approvers: ["contosso"] }],
    ["another approver", { approvers: ["contosso", "fabrikam"] }],
    ["a dataset's content", { datasets: review.datasets.map((each) => ({ ...each, digest: "sha256:03" })) }],
    ["a dataset's owner", { datasets: review.datasets.map((each) => ({ ...each, owner: "fabrikam" })) }],
    ["a text", { query: amended(query, [{ sequence: 1, sql: "SELECT 2" }]) }],
    ["a threshold", { query: amended(query, [{ ...query.segments[1], preConditions: { sales: 1 } }]) }],
    ["a view", { query: { ...query, inputs: [{ documentId: "contosso-sales", view: "other" }] } }],
    ["the output", { query: { ...query, output: { documentId: "fabrikam-results", view: "results" } } }],
  ])("changes with %s", (_what, change) => {
    expect(reviewDigest({ ...review, ...change })).not.toBe(digest);
  });

  test("is not fooled by approvers that look like one", () => {
    expect(reviewDigest({ ...review, approvers: ["contosso,litware"] })).not.toBe(digest);
  });
});

describe("an amendment", () => {
  test("replaces the steps it names, adds those that are new, and leaves the others", () => {
    const after = amended(query, [
      { sequence: 2, sql: "SELECT 2" },
      { sequence: 3, sql: "SELECT 3" },
    ]);
    expect(canonicalQuery(after).segments.map(({ sequence, sql }) => [sequence, sql])).toEqual([
      [1, "CREATE VIEW big AS SELECT * FROM sales"],
      [2, "SELECT 2"],
      [3, "SELECT 3"],
    ]);
    expect(after.inputs).toBe(query.inputs);
  });

  test("made twice is the same, and one of the query's own steps changes nothing", () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, (content, { segments }) => {
        const once = amended(content, segments);
        expect(textDigest(amended(once, segments))).toBe(textDigest(once));
        expect(textDigest(amended(content, content.segments))).toBe(textDigest(content));
      }),
      RUNS,
    );
  });
});

describe("undoing another's change", () => {
  const [own, theirs] = [
    { sequence: 1, sql: "SELECT 'own'" },
    { sequence: 2, sql: "SELECT 'theirs'" },
  ] as const;
  const base = {
    ...query,
    segments: [
      { sequence: 1, sql: "SELECT 1" },
      { sequence: 2, sql: "SELECT 2" },
    ],
  };
  const changed = amended(base, [theirs]);

  test("is to write over a step that they changed, even with another change", () => {
    expect(undoes(amended(base, [own]), changed, base)).toBe(true);
    expect(undoes(amended(base, [{ sequence: 2, sql: "SELECT 'else'" }]), changed, base)).toBe(true);
  });

  test("is not to change other steps while theirs is taken over", () => {
    expect(undoes(amended(changed, [own]), changed, base)).toBe(false);
  });

  test("is to drop a step or a dataset that they added, or to bring back one that they removed", () => {
    expect(undoes(base, amended(base, [{ sequence: 3, sql: "SELECT 3" }]), base)).toBe(true);
    expect(undoes(base, { ...base, segments: base.segments.slice(1) }, base)).toBe(true);
    expect(undoes(base, { ...base, output: { documentId: "other", view: "results" } }, base)).toBe(true);
  });

  test("never happens where they changed nothing, nor where ours is theirs", () => {
    fc.assert(
      fc.property(anyQuery, anyQuery, anyQuery, (one, other, third) => {
        expect(undoes(one, other, other)).toBe(false);
        expect(undoes(other, other, third)).toBe(false);
      }),
      RUNS,
    );
  });
});

describe("an application with parts that no review would show", () => {
  const stored = toApplication("fabrikam-query", query);
  const segments = JSON.parse(Buffer.from(stored.application.query, "base64").toString()) as { segments: object[] };
  const withSegments = (changed: object): typeof stored => ({
    ...stored,
    application: { ...stored.application, query: Buffer.from(JSON.stringify(changed)).toString("base64") },
  });

  test("is told from one that says all it is, whatever the order and what is left out", () => {
    expect(isWhole(stored)).toBe(true);
    const reversed = { segments: [...segments.segments].reverse().map((segment) => ({ ...segment, comment: null })) };
    expect(isWhole(withSegments(reversed))).toBe(true);
    fc.assert(
      fc.property(anyQuery, (each) => isWhole(toApplication("q", each))),
      RUNS,
    );
  });

  test.each([
    [
      "another kind of application",
      { ...stored, application: { ...stored.application, applicationType: "Spark-Jar" } },
    ],
    ["a field of its own", { ...stored, application: { ...stored.application, extra: "x" } }],
    ["a field beside the application", { ...stored, extra: "x" }],
    ["a segment's field", withSegments({ segments: segments.segments.map((each) => ({ ...each, extra: "x" })) })],
    [
      "a condition twice",
      withSegments({
        segments: segments.segments.map((each) => ({
          ...each,
          preConditions: [
            { viewName: "a", minRowCount: 0 },
            { viewName: "a", minRowCount: 100 },
          ],
        })),
      }),
    ],
  ])("fails with %s", (_what, application) => {
    expect(isWhole(application as typeof stored)).toBe(false);
  });
});
