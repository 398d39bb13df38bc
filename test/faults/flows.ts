// The flows that must survive every fault: each a stack of one collaborator, brought to where it begins, with what is
// then done to it. Names carry the cell's tag, so that its traces can be told from all others.
import type { Person } from "../../sandbox/testing";
import type { TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import type { Properties } from "../helpers/provider-process";
import type { Three } from "../helpers/three";
import { type Declared, Stack } from "../helpers/stack";

export interface Setting {
  readonly room: TestRoom;
  readonly they: Three;
}

export interface Flow {
  readonly name: string;
  readonly who: Person;
  /** What is done under the fault. */
  readonly operation: "up" | "destroy";
  /**
   * What was done leaves no trace that the next run could find: a rejected query is a draft again, with nothing that says
   * who rejected it. It waits then, instead of being ready.
   */
  readonly forgets?: true;
  /** Brings everything to where the flow begins. */
  begin(setting: Setting, tag: string): Promise<{ readonly stack: Stack; readonly program: readonly Declared[] }>;
}

const resource = (kind: string, inputs: Properties | Declared["inputs"], name = kind): Declared => ({
  name,
  kind,
  inputs: typeof inputs === "function" ? inputs : () => inputs,
});

const azure = (tag: string, change: Properties = {}): Declared[] => [
  resource("DatasetDocument", azureDataset(`${tag}-sales`, change)),
];

/** Connection and encryption key as governance secrets, and the dataset that names them. */
const bucket = (tag: string): Declared[] => [
  resource("ContractSecret", { name: `${tag}-connection`, value: "connection" }, "connection"),
  resource(
    "ContractSecret",
    { name: `${tag}-key`, value: Buffer.alloc(32, 7).toString("base64"), encoding: "base64" },
    "key",
  ),
  resource("DatasetDocument", ({ connection, key }) => {
    const { store } = s3Dataset(`${tag}-members`) as { store: Properties };
    return s3Dataset(`${tag}-members`, {
      store: { ...store, awsCgsSecretId: connection?.secretId },
      dek: { cgsSecretId: key?.secretId },
    });
  }),
];

/** A stack that has been deployed before, without a fault. */
async function deployed({ room }: Setting, who: Person, program: readonly Declared[]): Promise<Stack> {
  const stack = new Stack();
  await stack.up(await room.provider(who), program);
  return stack;
}

const fresh = (program: readonly Declared[]): { stack: Stack; program: readonly Declared[] } => ({
  stack: new Stack(),
  program,
});

const another = [{ sequence: 1, sql: "SELECT region, amount FROM sales" }];
const part = [{ sequence: 2, sql: "SELECT region, COUNT(*) AS total FROM big GROUP BY region" }];

/** A draft of Fabrikam's and its proposal, in one stack. */
const proposed = (they: Three, tag: string): Declared[] => [
  resource("QueryDraft", they.query(`${tag}-query`)),
  resource("QueryProposal", ({ QueryDraft }) => ({ documentId: `${tag}-query`, digest: QueryDraft?.digest })),
];

const approval = (documentId: string, digest: string, decision = "accept"): Declared[] => [
  resource("QueryApproval", { documentId, digest, decision }),
];

export const FLOWS: readonly Flow[] = [
  {
    name: "a dataset from Azure, through the frontend",
    who: "contosso",
    operation: "up",
    begin: (_setting, tag) => Promise.resolve(fresh(azure(tag))),
  },
  {
    name: "a dataset from outside Azure, with two secrets, through governance",
    who: "litware",
    operation: "up",
    begin: (_setting, tag) => Promise.resolve(fresh(bucket(tag))),
  },
  {
    name: "a dataset with other content",
    who: "contosso",
    operation: "up",
    begin: async (setting, tag) => ({
      stack: await deployed(setting, "contosso", azure(tag)),
      program: azure(tag, { datasetAccessPolicy: { accessMode: "read", allowedFields: ["region"] } }),
    }),
  },
  {
    name: "a dataset again, after it was given up",
    who: "contosso",
    operation: "up",
    begin: async (setting, tag) => {
      const stack = await deployed(setting, "contosso", azure(tag));
      await stack.destroy(await setting.room.provider("contosso"));
      return { stack, program: azure(tag) };
    },
  },
  {
    name: "a query's draft",
    who: "fabrikam",
    operation: "up",
    begin: ({ they }, tag) => Promise.resolve(fresh([resource("QueryDraft", they.query(`${tag}-query`))])),
  },
  {
    name: "a draft with another text",
    who: "fabrikam",
    operation: "up",
    begin: async (setting, tag) => {
      const program = (change: Properties): Declared[] => [
        resource("QueryDraft", setting.they.query(`${tag}-query`, change)),
      ];
      return { stack: await deployed(setting, "fabrikam", program({})), program: program({ segments: another }) };
    },
  },
  {
    name: "a proposed query with another text",
    who: "fabrikam",
    operation: "up",
    begin: async (setting, tag) => ({
      stack: await deployed(setting, "fabrikam", proposed(setting.they, tag)),
      program: [
        resource("QueryDraft", setting.they.query(`${tag}-query`, { segments: another })),
        resource("QueryProposal", { documentId: `${tag}-query` }),
      ],
    }),
  },
  {
    name: "an amendment of another's draft",
    who: "litware",
    operation: "up",
    begin: async ({ they }, tag) => {
      await they.draft(`${tag}-query`);
      return fresh([resource("QueryAmendment", { documentId: `${tag}-query`, segments: part })]);
    },
  },
  {
    name: "a proposal",
    who: "fabrikam",
    operation: "up",
    begin: async ({ they }, tag) => {
      const { state } = await they.draft(`${tag}-query`);
      return fresh([resource("QueryProposal", { documentId: `${tag}-query`, digest: state.digest })]);
    },
  },
  {
    name: "a proposal whose author votes as well",
    who: "fabrikam",
    operation: "up",
    begin: async ({ they }, tag) => {
      const inputs = [
        { documentId: they.datasets.own, view: "sales" },
        { documentId: they.datasets.members, view: "members" },
      ];
      const { state } = await they.draft(`${tag}-query`, { inputs });
      return fresh([resource("QueryProposal", { documentId: `${tag}-query`, digest: state.digest })]);
    },
  },
  {
    name: "the first approval",
    who: "litware",
    operation: "up",
    begin: async ({ they }, tag) => fresh(approval(`${tag}-query`, (await they.proposed(`${tag}-query`)).digest)),
  },
  {
    name: "the last approval",
    who: "contosso",
    operation: "up",
    begin: async (setting, tag) => {
      const { digest } = await setting.they.proposed(`${tag}-query`);
      await deployed(setting, "litware", approval(`${tag}-query`, digest));
      return fresh(approval(`${tag}-query`, digest));
    },
  },
  {
    name: "a rejection",
    who: "litware",
    operation: "up",
    forgets: true,
    begin: async ({ they }, tag) =>
      fresh(approval(`${tag}-query`, (await they.proposed(`${tag}-query`)).digest, "reject")),
  },
  {
    name: "giving up a dataset from Azure",
    who: "contosso",
    operation: "destroy",
    begin: async (setting, tag) => ({ stack: await deployed(setting, "contosso", azure(tag)), program: azure(tag) }),
  },
  {
    name: "giving up a dataset and its secrets",
    who: "litware",
    operation: "destroy",
    begin: async (setting, tag) => ({ stack: await deployed(setting, "litware", bucket(tag)), program: bucket(tag) }),
  },
  {
    name: "giving up a query",
    who: "fabrikam",
    operation: "destroy",
    begin: async (setting, tag) => {
      const program = proposed(setting.they, tag);
      return { stack: await deployed(setting, "fabrikam", program), program };
    },
  },
  {
    name: "giving up an approval",
    who: "contosso",
    operation: "destroy",
    begin: async (setting, tag) => {
      const { digest } = await setting.they.proposed(`${tag}-query`);
      const program = approval(`${tag}-query`, digest);
      await deployed(setting, "litware", program);
      return { stack: await deployed(setting, "contosso", program), program };
    },
  },
  {
    name: "taking back a consent",
    who: "contosso",
    operation: "up",
    begin: async (setting, tag) => {
      const sales = await deployed(setting, "contosso", azure(tag));
      const documentId = sales.outputs().DatasetDocument?.documentId;
      const stack = new Stack();
      const consent = (wanted: string): Declared[] => [resource("DocumentConsent", { documentId, consent: wanted })];
      await stack.up(await setting.room.provider("contosso"), consent("enabled"));
      return { stack, program: consent("disabled") };
    },
  },
];
