// Whatever a program writes, it comes back as it was, or it is refused before anything is sent, in a clean sentence.
import fc from "fast-check";
import { visibleLines } from "../../provider/model/visible";
import { cleanRoomHostData } from "../../sandbox/world";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { azureDataset } from "../helpers/inputs";
import type { Kind, Properties } from "../helpers/provider-process";
import { NIGHTLY, SEED } from "../helpers/seed";
import { three, type Three } from "../helpers/three";
import { LONE, MARKED, TEXTS, UNKNOWN } from "./hostile";

const RUNS = { numRuns: NIGHTLY ? 1_000 : 25, seed: SEED };
const MIB = 1024 * 1024;

let room: TestRoom;
let all: Three;
let datasets: Kind;
let drafts: Kind;
let secrets: Kind;
let count = 0;
const fresh = (): string => `input-${(count += 1)}`;

beforeAll(async () => {
  room = await startTestRoom();
  all = await three(room);
  datasets = all.kind("contosso", "DatasetDocument");
  drafts = all.kind("fabrikam", "QueryDraft");
  secrets = all.kind("litware", "ContractSecret");
}, 60_000);
afterAll(() => room.end());

/** A sentence that a collaborator can read: of bounded length, without controls that would garble a terminal. */
function expectSentences(problems: readonly string[]): void {
  for (const problem of problems) {
    expect(problem.length).toBeLessThan(1_000);
    expect(visibleLines(problem)).toBe(problem);
    expect(problem).not.toMatch(/TypeError|RangeError|URIError|undefined|\[object/);
    expect(problem).toMatch(/[.:]/);
  }
}

/** Either nothing is written and a sentence says why, or it is created, and reading shows it as it was written. */
async function roundTrip(kind: Kind, inputs: Properties): Promise<"refused" | "kept"> {
  room.writes();
  const problems = await kind.check(inputs);
  if (problems.length > 0) {
    expectSentences(problems);
    expect(room.writes()).toEqual([]);
    return "refused";
  }
  try {
    const { id, state } = await kind.create(inputs);
    const seen = await kind.read(id, state);
    expect(seen?.inputs).toEqual(inputs);
    expect(await kind.diff(id, seen?.state ?? {}, inputs)).toMatchObject({ changes: state.status === "waiting" });
    return "kept";
  } catch (error) {
    const { message, matcherResult } = error as Error & { matcherResult?: unknown };
    if (matcherResult !== undefined) throw error;
    // What governance holds under this name is something else.
    expectSentences([message]);
    expect(room.writes()).toEqual([]);
    return "refused";
  }
}

const draftWith = (sql: string): Properties => all.query(fresh(), { segments: [{ sequence: 1, sql }] });
const datasetWith = (fieldName: string): Properties =>
  azureDataset(fresh(), {
    datasetSchema: { format: "csv", fields: [{ fieldName, fieldType: "string" }] },
    datasetAccessPolicy: { accessMode: "read", allowedFields: [fieldName] },
  });

describe.each(TEXTS)("a text with %s", (_what, text) => {
  test("as SQL comes back", async () => {
    expect(await roundTrip(drafts, draftWith(`SELECT 1 -- ${text}`))).toBe("kept");
  });

  test("as a secret reaches the clean room, byte by byte", async () => {
    const { id } = await secrets.create({ name: fresh(), value: text });
    const value = room.services.governance.readSecretAsCleanRoom(id, cleanRoomHostData);
    expect(Buffer.from(value, "base64")).toEqual(Buffer.from(text, "utf8"));
  });

  test("as a field's name comes back", async () => {
    expect(await roundTrip(datasets, datasetWith(text))).toBe("kept");
  });

  test("as a container, a folder and an identity comes back, or is refused", async () => {
    const plain = azureDataset(fresh());
    await roundTrip(datasets, {
      ...plain,
      store: { ...(plain.store as object), containerName: text, subdirectory: text },
      identity: { ...(plain.identity as object), name: text },
    });
  });

  test("as an id, a view, a condition or a name is kept or refused, and nothing else is reached by it", async () => {
    const documents = await room.govern("litware", "GET", "/userdocuments?labelSelector=type:dataset");
    for (const [kind, inputs] of named(text)) {
      await roundTrip(kind, inputs);
    }
    expect((await room.govern("litware", "GET", "/userdocuments?labelSelector=type:dataset")).status).toBe(
      documents.status,
    );
  });
});

/** The text in each place that takes a name. */
function named(text: string): readonly (readonly [Kind, Properties])[] {
  const query = all.query(fresh());
  const [input] = query.inputs as readonly Properties[];
  return [
    [datasets, azureDataset(text)],
    [datasets, azureDataset(fresh(), { chosenId: text })],
    [drafts, all.query(text)],
    [drafts, { ...query, inputs: [{ ...input, view: text }] }],
    [drafts, { ...query, inputs: [{ ...input, documentId: text }] }],
    [drafts, { ...query, output: { documentId: text, view: "results" } }],
    [
      drafts,
      { ...query, segments: [{ sequence: 1, sql: "SELECT 1", preConditions: Object.fromEntries([[text, 1]]) }] },
    ],
    [secrets, { name: text, value: "a-value" }],
    [all.kind("litware", "QueryAmendment"), { documentId: text, segments: [{ sequence: 1, sql: "SELECT 1" }] }],
    [all.kind("fabrikam", "QueryProposal"), { documentId: text }],
    [all.kind("litware", "QueryApproval"), { documentId: text }],
  ];
}

test("random texts come back as SQL, as fields' names and as secrets", async () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((value) => value.trim() !== "");
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      expect(await roundTrip(drafts, draftWith(`SELECT 1 -- ${value}`))).toBe("kept");
      expect(await roundTrip(datasets, datasetWith(value))).toBe("kept");
      const { id } = await secrets.create({ name: fresh(), value });
      const kept = room.services.governance.readSecretAsCleanRoom(id, cleanRoomHostData);
      expect(Buffer.from(kept, "base64").toString("utf8")).toBe(value);
    }),
    RUNS,
  );
}, 600_000);

test("random names are kept or refused, in every place that takes one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (value) => {
      for (const [kind, inputs] of named(value)) {
        await roundTrip(kind, inputs);
      }
    }),
    { numRuns: NIGHTLY ? 500 : 8, seed: SEED },
  );
}, 600_000);

test("a mebibyte of SQL comes back, or is refused for its size before anything is sent", async () => {
  const sql = `SELECT ${"1 + ".repeat(MIB / 4)}1`;
  await roundTrip(drafts, draftWith(sql));
  await roundTrip(drafts, draftWith(sql.slice(0, 300_000)));
}, 60_000);

test.each([129, 5_000, 100_000])("fails with a name of %d characters, shown in part", async (length) => {
  const problems = await datasets.check(azureDataset("a".repeat(length)));
  expect(problems).toEqual([expect.stringContaining(`has ${length} characters: use at most 128.`)]);
  expectSentences(problems);
});

test.each([
  ["SQL", () => [drafts, draftWith(`SELECT '${LONE}'`)] as const],
  ["a field's name", () => [datasets, datasetWith(LONE)] as const],
  ["a secret", () => [secrets, { name: fresh(), value: LONE }] as const],
])("half a character in %s is kept as it is or refused", async (_where, make) => {
  const [kind, inputs] = make();
  const problems = await kind.check(inputs);
  expectSentences(problems);
  if (problems.length === 0) {
    // Protocol buffers hold no half characters: what arrives is what is kept.
    const { id, state } = await kind.create(inputs);
    const seen = await kind.read(id, state);
    expect(await kind.diff(id, seen?.state ?? {}, seen?.inputs ?? {})).toMatchObject({ changes: false });
  }
});

test("a value that is not known yet passes, wherever it stands", async () => {
  for (const [kind, inputs] of named(UNKNOWN)) {
    expect(await kind.check(inputs)).toEqual([]);
  }
  expect(await secrets.check({ name: fresh(), value: UNKNOWN })).toEqual([]);
});

test.each([
  ["SQL", (value: unknown) => [drafts, all.query(fresh(), { segments: [{ sequence: 1, sql: value }] })] as const],
  ["a name", (value: unknown) => [datasets, { ...azureDataset(fresh()), name: value }] as const],
  ["a secret", (value: unknown) => [secrets, { name: fresh(), value }] as const],
  [
    "a view",
    (value: unknown) =>
      [drafts, all.query(fresh(), { inputs: [{ documentId: all.datasets.sales, view: value }] })] as const,
  ],
])(
  "fails with a sentence for anything that is no text as %s, the engine's own marks included",
  async (_where, make) => {
    for (const value of [MARKED, { ["__proto__"]: 1 }, [], [1], {}, 7, true, null]) {
      const [kind, inputs] = make(value);
      const problems = await kind.check(inputs);
      expect(problems.length).toBeGreaterThan(0);
      expectSentences(problems);
    }
  },
);
