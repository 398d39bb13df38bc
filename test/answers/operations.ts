// What the provider does, each with what it needs beforehand, and with what the ledger must hold where it claims success.
import type { UserDocument } from "../../contract";
import { open, sources, type Methods, type Sources } from "../../provider";
import { datasetDigest } from "../../provider/model/dataset";
import { textDigest } from "../../provider/model/query";
import { datasetOf, queryOf } from "../../provider/services/documents";
import type { Person } from "../../sandbox/testing";
import { cleanRoomHostData } from "../../sandbox/world";
import { oid, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import type { Properties } from "../helpers/provider-process";
import type { Lane } from "./between";

/** One who works in a lane; `truly` speaks to the services directly. */
export interface Worker {
  /** The lane it works in now. */
  lane(): Lane;
  /** Moves to a lane of its own with clients that have heard nothing yet, of a pause for one; settings may be other ones. */
  renew(change?: Readonly<Record<string, string>>): Promise<void>;
  methods(who: Person, kind: string): Methods;
  truly(who: Person, kind: string): Methods;
  sources(who: Person): Sources;
  /** A name that nobody else has. */
  fresh(): string;
  /** What a worker makes once and uses often. */
  once<T>(what: string, make: () => Promise<T>): Promise<T>;
}

export interface Operation {
  readonly name: string;
  /** Whether it believes a single look: a lie that is well formed can't be seen through then. */
  readonly looksOnce?: boolean;
  /** Whatever is needed first; answers the operation itself and the check of its success. Rejects where the claim is wrong. */
  prepare(
    worker: Worker,
    ledger: Ledger,
  ): Promise<{
    readonly names: string;
    readonly run: () => Promise<unknown>;
    readonly holds: (result: unknown) => Promise<void>;
  }>;
}

/** What governance really holds. */
export interface Ledger {
  document(id: string): Promise<UserDocument | undefined>;
  consent(id: string): Promise<string>;
  secret(id: string): string;
}

export function ledgerOf(room: TestRoom): Ledger {
  return {
    document: async (id) => {
      const { status, body } = await room.govern("litware", "GET", `/userdocuments/${id}`);
      return status === 404 ? undefined : (body as UserDocument);
    },
    consent: async (id) => {
      const { body } = await room.govern("litware", "POST", `/userdocuments/${id}/checkstatus/execution`);
      return (body as { status: string }).status;
    },
    secret: (id) =>
      Buffer.from(room.services.governance.readSecretAsCleanRoom(id, cleanRoomHostData), "base64").toString("utf8"),
  };
}

let names = 0;

interface Config {
  get(key: string): string | undefined;
}
type Configs = Readonly<Record<Person, Config>>;

const PEOPLE = ["contosso", "litware", "fabrikam"] as const;

async function configsOf(room: TestRoom, change = {}): Promise<Configs> {
  const of = async (who: Person): Promise<readonly [Person, Config]> => {
    const config = await room.config(who, change);
    return [who, { get: (key) => config[key] }];
  };
  return Object.fromEntries(await Promise.all(PEOPLE.map(of))) as Configs;
}

export async function workerOf(room: TestRoom, newLane: () => Lane): Promise<Worker> {
  const direct = await configsOf(room);
  const kept = new Map<string, Promise<unknown>>();
  let lane: Lane;
  let through: Configs;
  const renew: Worker["renew"] = async (change) => {
    lane = newLane();
    const { frontendUrl, governanceUrl } = lane.urls;
    through = await configsOf(room, { frontendUrl, governanceUrl, ...change });
  };
  await renew();
  return {
    lane: () => lane,
    renew,
    methods: (who, kind) => open(kind, through[who]),
    truly: (who, kind) => open(kind, direct[who]),
    sources: (who) => sources("cleanroom", (key) => through[who].get(key), {}),
    fresh: () => `name-${(names += 1)}`,
    once: <T>(what: string, make: () => Promise<T>) => {
      const known = (kept.get(what) as Promise<T> | undefined) ?? make();
      kept.set(what, known);
      return known;
    },
  };
}

interface Made {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
}

async function made(methods: Methods, inputs: Properties): Promise<Made> {
  const { id, outs } = await methods.create(inputs);
  return { id, state: outs, inputs };
}

function requires(condition: boolean, claim: string): void {
  if (!condition) throw new Error(`the ledger does not hold it: ${claim}`);
}

const datasets: readonly Operation[] = (["the frontend", "governance"] as const).flatMap((by) => {
  const inputsOf = by === "governance" ? s3Dataset : azureDataset;
  const kind = "DatasetDocument";
  const published = (worker: Worker): Promise<Made> =>
    worker.once(`dataset by ${by}`, () => made(worker.truly("litware", kind), inputsOf(worker.fresh())));
  const isPublished = async (ledger: Ledger, inputs: Properties, state: Properties): Promise<void> => {
    const document = await ledger.document(state.documentId as string);
    requires(
      document?.state === "Accepted",
      `dataset ${String(state.documentId)} is ${document?.state ?? "not there"}`,
    );
    requires(
      datasetDigest(datasetOf(document as UserDocument)) === datasetDigest(inputs as never),
      "the dataset's content",
    );
    requires(state.digest === datasetDigest(inputs as never), "the dataset's digest");
  };
  return [
    {
      name: `publish a dataset by ${by}`,
      prepare: (worker, ledger) => {
        const inputs = inputsOf(worker.fresh());
        return Promise.resolve({
          names: inputs.name as string,
          run: () => worker.methods("litware", kind).create(inputs),
          holds: (result) => isPublished(ledger, inputs, (result as { outs: Properties }).outs),
        });
      },
    },
    {
      name: `publish a dataset by ${by} that is there`,
      prepare: async (worker, ledger) => {
        const { inputs } = await published(worker);
        return {
          names: inputs.name as string,
          run: () => worker.methods("litware", kind).create(inputs),
          holds: (result) => isPublished(ledger, inputs, (result as { outs: Properties }).outs),
        };
      },
    },
    ...(["read", "diff", "delete"] as const).map((method): Operation => ({
      name: `${method} a dataset by ${by}`,
      looksOnce: method === "delete",
      prepare: async (worker, ledger) => {
        const { id, state, inputs } = await published(worker);
        if (method === "delete") await worker.truly("litware", kind).create(inputs); // enables its consent
        const methods = worker.methods("litware", kind);
        return {
          names: id,
          run: () =>
            method === "read"
              ? methods.read(id, state)
              : method === "diff"
                ? methods.diff(id, state, inputs)
                : methods.delete(id, state),
          holds: async (result) => {
            if (method === "read") requires((result as { id: string }).id === id, `'${id}' is gone`);
            if (method === "delete")
              requires((await ledger.consent(id)) === "disabled", `consent to ${id} is given up`);
          },
        };
      },
    })),
  ] satisfies Operation[];
});

const secrets: readonly Operation[] = (["create", "update", "read", "delete"] as const).map((method) => ({
  name: `${method} a secret`,
  looksOnce: method === "read" || method === "delete",
  prepare: async (worker, ledger) => {
    const { id, state, inputs } = await worker.once("secret", () =>
      made(worker.truly("litware", "ContractSecret"), { name: worker.fresh(), value: "a-secret-of-somebody" }),
    );
    const news = {
      ...inputs,
      name: method === "create" ? worker.fresh() : inputs.name,
      value: `a-secret-${worker.fresh()}`,
    };
    const methods = worker.methods("litware", "ContractSecret");
    return {
      names: news.name as string,
      run: () =>
        ({
          create: () => methods.create(news),
          update: () => methods.update(id, state, news),
          read: () => methods.read(id, state),
          delete: () => methods.delete(id, state),
        })[method](),
      holds: async (result) => {
        if (method === "create" || method === "update") {
          const { secretId } = (result as { outs: Properties }).outs;
          requires(ledger.secret(String(secretId)) === news.value, `the value of ${String(secretId)}`);
        }
        if (method === "delete") requires(ledger.secret(id) !== news.value, `the value of ${id} is overwritten`);
        await Promise.resolve();
      },
    };
  },
}));

interface Room3 {
  readonly sales: string;
  readonly results: string;
}

function used(worker: Worker): Promise<Room3> {
  return worker.once("datasets of a query", async () => {
    const policy = { accessMode: "write", allowedFields: ["region", "amount"] };
    const sales = await made(worker.truly("contosso", "DatasetDocument"), azureDataset(worker.fresh()));
    const results = await made(
      worker.truly("litware", "DatasetDocument"),
      azureDataset(worker.fresh(), { datasetAccessPolicy: policy }),
    );
    return { sales: sales.id, results: results.id };
  });
}

async function queryOfDatasets(worker: Worker, documentId: string): Promise<Properties> {
  const { sales, results } = await used(worker);
  return {
    documentId,
    segments: [{ sequence: 1, sql: `SELECT '${worker.fresh()}' FROM sales`, preConditions: { sales: 10 } }],
    inputs: [{ documentId: sales, view: "sales" }],
    output: { documentId: results, view: "results" },
  };
}

async function draft(worker: Worker): Promise<Made> {
  return made(worker.truly("fabrikam", "QueryDraft"), await queryOfDatasets(worker, worker.fresh()));
}

const isText = async (ledger: Ledger, documentId: string, news: Properties, outs: Properties): Promise<void> => {
  const document = await ledger.document(documentId);
  requires(document !== undefined, `draft ${documentId}`);
  requires(textDigest(queryOf(document as UserDocument)) === textDigest(news as never), `the text of ${documentId}`);
  requires(outs.textDigest === textDigest(news as never), `the text's digest of ${documentId}`);
};

const drafts: readonly Operation[] = (["create", "update", "read", "diff"] as const).map((method) => ({
  name: `${method} a draft`,
  prepare: async (worker, ledger) => {
    const methods = worker.methods("fabrikam", "QueryDraft");
    const known = await worker.once("draft", () => draft(worker));
    const documentId = method === "create" ? worker.fresh() : known.id;
    const news = method === "diff" || method === "read" ? known.inputs : await queryOfDatasets(worker, documentId);
    // An update that failed may have written: what is there now is where this one begins.
    const { props } =
      method === "create" ? { props: {} } : await worker.truly("fabrikam", "QueryDraft").read(known.id, known.state);
    const state = method === "update" ? { ...props, ...textOf(await ledger.document(documentId)) } : known.state;
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(news),
          update: () => methods.update(documentId, state, news),
          read: () => methods.read(documentId, state),
          diff: () => methods.diff(documentId, state, news),
        })[method](),
      holds: async (result) => {
        if (method === "read") requires((result as { id: string }).id === documentId, `'${documentId}' is gone`);
        if (method === "create" || method === "update") {
          await isText(ledger, documentId, news, (result as { outs: Properties }).outs);
        }
      },
    };
  },
}));

function textOf(document: UserDocument | undefined): Properties {
  return document === undefined ? {} : (queryOf(document) as unknown as Properties);
}

const amendments: readonly Operation[] = (["create", "read", "diff"] as const).map((method) => ({
  name: `${method} an amendment`,
  prepare: async (worker, ledger) => {
    const methods = worker.methods("litware", "QueryAmendment");
    const { id: documentId } = await worker.once("amended draft", () => draft(worker));
    const inputs = { documentId, segments: [{ sequence: 0, sql: `CREATE VIEW v AS SELECT '${worker.fresh()}'` }] };
    const known = await worker.once("amendment", () => made(worker.truly("litware", "QueryAmendment"), inputs));
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(inputs),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, known.inputs),
        })[method](),
      holds: async (result) => {
        if (method === "create" && (result as { outs: Properties }).outs.status === "ready") {
          const { segments } = queryOf((await ledger.document(documentId)) as UserDocument);
          requires(
            segments.some(({ sql }) => sql === inputs.segments[0]?.sql),
            "the amended segment",
          );
        }
      },
    };
  },
}));

async function proposed(worker: Worker): Promise<Made> {
  const { id: documentId, state } = await draft(worker);
  return made(worker.truly("fabrikam", "QueryProposal"), { documentId, digest: state.digest });
}

const proposals: readonly Operation[] = (["create", "read", "diff", "delete"] as const).map((method) => ({
  name: `${method} a proposal`,
  looksOnce: method === "delete",
  prepare: async (worker, ledger) => {
    const methods = worker.methods("fabrikam", "QueryProposal");
    const written = method === "create" ? await draft(worker) : undefined;
    const known =
      written ?? (await (method === "delete" ? proposed(worker) : worker.once("proposal", () => proposed(worker))));
    const documentId = String(known.state.documentId);
    const news = written === undefined ? known.inputs : { documentId, digest: written.state.digest };
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(news),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, news),
          delete: () => methods.delete(known.id, known.state),
        })[method](),
      holds: async (result) => {
        const document = await ledger.document(documentId);
        if (method === "create" && (result as { outs: Properties }).outs.state === "Proposed") {
          requires(document?.state === "Proposed", `proposal of ${documentId}`);
          requires(
            document?.proposalId === (result as { outs: Properties }).outs.proposalId,
            `the proposal's id of ${documentId}`,
          );
        }
        if (method === "read") requires((result as { id: string }).id === known.id, `'${known.id}' is gone`);
        if (method === "delete") requires(document?.state === "Draft", `withdrawal of ${documentId}`);
      },
    };
  },
}));

async function accepted(worker: Worker): Promise<Made> {
  const { inputs } = await proposed(worker);
  await made(worker.truly("contosso", "QueryApproval"), inputs);
  return made(worker.truly("litware", "QueryApproval"), inputs);
}

const approvals: readonly Operation[] = (["create", "read", "diff", "delete"] as const).map((method) => ({
  name: `${method} an approval`,
  looksOnce: method === "delete",
  prepare: async (worker, ledger) => {
    const methods = worker.methods("litware", "QueryApproval");
    const open = method === "create" ? await proposed(worker) : undefined;
    const known = open ?? (await worker.once("approval", () => accepted(worker)));
    if (method === "delete") await worker.truly("litware", "QueryApproval").update(known.id, known.state, known.inputs);
    const documentId = String(known.inputs.documentId);
    return {
      names: documentId,
      run: () =>
        ({
          create: () => methods.create(known.inputs),
          read: () => methods.read(known.id, known.state),
          diff: () => methods.diff(known.id, known.state, known.inputs),
          delete: () => methods.delete(known.id, known.state),
        })[method](),
      holds: async (result) => {
        const document = await ledger.document(documentId);
        if (method === "create" && (result as { outs: Properties }).outs.ballot === "accepted") {
          requires(await hasVoted(worker, document as UserDocument), `the vote on ${documentId}`);
        }
        if (method === "delete")
          requires((await ledger.consent(documentId)) === "disabled", `consent to ${documentId} is given up`);
      },
    };
  },
}));

async function hasVoted(worker: Worker, document: UserDocument): Promise<boolean> {
  const query = await worker.sources("litware").query(document.id);
  return (
    (query?.accepted ?? []).includes(oid("litware")) ||
    (document.finalVotes ?? []).some(({ approverId }) => approverId === oid("litware"))
  );
}

/** Everything that is asked without a resource. */
const questions: readonly Operation[] = [
  ["the clean room's details", (of: Sources) => of.cleanRoomDetails(), "clean room"],
  ["a dataset", (of: Sources, name: string) => of.dataset(name), undefined],
  ["a query", (of: Sources, _name: string, query: string) => of.query(query), undefined],
].map(([what, ask, names]) => ({
  name: `ask for ${what as string}`,
  prepare: async (worker) => {
    const { sales } = await used(worker);
    const { id } = await worker.once("asked draft", () => draft(worker));
    const question = ask as (of: Sources, name: string, query: string) => Promise<unknown>;
    return {
      names: (names as string | undefined) ?? (what === "a query" ? id : sales),
      run: () => question(worker.sources("fabrikam"), sales, id),
      holds: () => Promise.resolve(),
    };
  },
}));

export const OPERATIONS: readonly Operation[] = [
  ...datasets,
  ...secrets,
  ...drafts,
  ...amendments,
  ...proposals,
  ...approvals,
  ...questions,
];
