// Three collaborators with a stack each, over one clean room: what their programs say, what they have agreed to, and what
// the ledger says of it. One world for each run, told from the others by the names in it.
import { readFileSync } from "node:fs";
import type { SparkApplicationSpecification } from "../../contract";
import { open, sources, type Sources } from "../../provider";
import { toQuery, textDigest } from "../../provider/model/query";
import type { Properties } from "../../provider/host";
import type { FaultRule } from "../../sandbox/faults";
import type { Person } from "../../sandbox/testing";
import { cleanRoomHostData } from "../../sandbox/world";
import { oid, type TestRoom } from "../helpers/clean-room";
import { azureDataset, s3Dataset } from "../helpers/inputs";
import { Stack, type Declared } from "../helpers/stack";
import { EngineKilled, InProcess } from "../helpers/in-process";

export const PEOPLE = ["contosso", "litware", "fabrikam"] as const;
/** The parts of the programs that can be there or not. */
export const PARTS = ["sales", "consent", "members", "secret", "amendment", "proposal", "approval"] as const;
export type Part = (typeof PARTS)[number];
/** What others do past the stacks. */
export const DEEDS = ["disable", "withdraw", "amend", "beneath", "reject"] as const;
/** What can be written in three ways. */
export const VARIED = ["sales", "members", "secret", "query", "amendment"] as const;

/** What an `up` or a `refresh` reported. */
export interface Run {
  /** What was done, resource by resource: `sales: created`. */
  readonly done: readonly string[];
  /** What was refused or failed. */
  readonly failed: readonly string[];
}

/** A step of a run, as plain JSON: a failing run is a list of these. */
export type Command =
  | { readonly do: "up" | "refresh" | "forget" | "agree"; readonly who: Person }
  | { readonly do: "toggle"; readonly part: Part }
  | { readonly do: "vary"; readonly what: (typeof VARIED)[number]; readonly to: number }
  | { readonly do: "outside"; readonly what: (typeof DEEDS)[number] }
  | { readonly do: "overwriting" }
  | { readonly do: "fault"; readonly rule: FaultRule }
  | { readonly do: "heal" };

/** Time enough for every request that is answered, and little for those that are not. */
const HASTY = { requestSeconds: "1", deadlineSeconds: "2" };

interface Config {
  get(key: string): string | undefined;
}

export class World {
  readonly #stacks: Record<Person, Stack> = { contosso: new Stack(), litware: new Stack(), fabrikam: new Stack() };
  readonly #providers: Record<Person, InProcess>;
  readonly #there = new Set<Part>(["sales", "members", "secret"]);
  readonly #variants = { sales: 0, members: 0, secret: 0, query: 0, amendment: 0 };
  #overwrites = false;
  /** The digest that each has named last. */
  readonly #named: Partial<Record<Person, string>> = {};
  /** Digests of the texts that each has agreed to, ever. */
  readonly #agreed: Record<Person, Set<string>> = { contosso: new Set(), litware: new Set(), fabrikam: new Set() };

  private constructor(
    private readonly room: TestRoom,
    private readonly prefix: string,
    private readonly results: string,
    private readonly configs: Record<Person, Config>,
    private readonly settings: Record<Person, Record<string, string>>,
  ) {
    const provider = (who: Person): InProcess => new InProcess((kind) => open(kind, this.configs[who]));
    this.#providers = {
      contosso: provider("contosso"),
      litware: provider("litware"),
      fabrikam: provider("fabrikam"),
    };
  }

  static async open(room: TestRoom, prefix: string, results: string): Promise<World> {
    const all = await Promise.all(PEOPLE.map(async (who) => [who, await room.config(who, HASTY)] as const));
    const settings = Object.fromEntries(all) as Record<Person, Record<string, string>>;
    const configs = Object.fromEntries(all.map(([who, config]) => [who, { get: (key: string) => config[key] }]));
    return new World(room, prefix, results, configs as Record<Person, Config>, settings);
  }

  /** Does one step; answers what `up` or `refresh` reported. */
  async step(command: Command): Promise<Run | undefined> {
    switch (command.do) {
      case "up":
        return this.up(command.who);
      case "refresh":
        return this.refresh(command.who);
      case "forget":
        return void this.#providers[command.who].die();
      case "agree":
        return void (await this.#agree(command.who));
      case "toggle":
        return void (this.#there.has(command.part) ? this.#there.delete(command.part) : this.#there.add(command.part));
      case "vary":
        return void (this.#variants[command.what] = command.to);
      case "outside":
        // A fault may hit it, too: then it was not done, or its answer is lost.
        return void (await this.#outside(command.what).catch(() => undefined));
      case "overwriting":
        return void (this.#overwrites = !this.#overwrites);
      case "fault":
        return void this.room.services.faults.add(command.rule);
      case "heal":
        return void this.room.services.faults.clear();
    }
  }

  /** No more faults, and nobody insists: two who write over each other never come to an end. */
  settle(): void {
    this.room.services.faults.clear();
    this.#overwrites = false;
  }

  /** As the engine does it: what fails stops nothing that does not depend on it. */
  async up(who: Person): Promise<Run> {
    const stack = this.#stacks[who];
    const provider = this.#providers[who];
    const program = this.program(who);
    const report = new Report();
    for (const declared of program) await report.step(declared.name, () => stack.bring(provider, declared));
    const gone = stack.names().filter((name) => !program.some((declared) => declared.name === name));
    for (const name of gone) await report.step(name, () => stack.drop(provider, name).then(() => "deleted"));
    await report.step("what was replaced", () => stack.deleteReplaced(provider));
    return report;
  }

  async refresh(who: Person): Promise<Run> {
    const report = new Report();
    await report.step("refresh", async () => {
      const gone = await this.#stacks[who].refresh(this.#providers[who]);
      return gone.length === 0 ? undefined : `${gone.join(", ")} gone`;
    });
    return report;
  }

  program(who: Person): readonly Declared[] {
    const digest = this.#named[who];
    const named = digest === undefined ? {} : { digest };
    const all: Record<Person, readonly (Declared & { part?: Part })[]> = {
      contosso: [
        { name: "sales", part: "sales", kind: "DatasetDocument", inputs: () => this.#sales() },
        {
          name: "consent",
          part: "consent",
          kind: "DocumentConsent",
          inputs: () => ({ documentId: this.#query, consent: "enabled" }),
        },
        {
          name: "approval",
          part: "approval",
          kind: "QueryApproval",
          inputs: () => ({ documentId: this.#query, ...named }),
        },
      ],
      litware: [
        { name: "secret", part: "secret", kind: "ContractSecret", inputs: () => this.#secret() },
        { name: "members", part: "members", kind: "DatasetDocument", inputs: () => this.#members() },
        {
          name: "amendment",
          part: "amendment",
          kind: "QueryAmendment",
          inputs: () => ({
            documentId: this.#query,
            segments: [{ sequence: 2, sql: `SELECT region AS litware${this.#variants.amendment} FROM big` }],
          }),
        },
        {
          name: "approval",
          part: "approval",
          kind: "QueryApproval",
          inputs: () => ({ documentId: this.#query, ...named }),
        },
      ],
      fabrikam: [
        {
          name: "draft",
          kind: "QueryDraft",
          inputs: () => ({ ...this.#content(), ...(digest && { reviewed: digest }) }),
        },
        {
          name: "proposal",
          part: "proposal",
          kind: "QueryProposal",
          inputs: () => ({ documentId: this.#query, ...named }),
        },
      ],
    };
    return all[who].filter(({ part }) => part === undefined || this.#there.has(part));
  }

  /** Whether a resource waits for somebody, so that every run takes it up again. */
  waits(who: Person, name: string): boolean {
    return this.#stacks[who].kept(name)?.state.status === "waiting";
  }

  /** What is wrong with the ledger, whatever has happened before. */
  violations(): readonly string[] {
    const wrong: string[] = [];
    const changes = readFileSync(this.room.services.home.path("ledger.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.includes(this.prefix))
      .map((line) => (JSON.parse(line) as { change: Record<string, unknown> }).change);
    const proposals = new Map<string, { text: string; by: string; id: string }>();
    for (const { kind, id, proposerId, args } of changes) {
      if (kind !== "proposal") continue;
      const { documentId, document } = args as { documentId: string; document: { data: string } };
      if (documentId !== this.#query) continue;
      const text = textDigest(toQuery(JSON.parse(document.data) as SparkApplicationSpecification));
      proposals.set(id as string, { text, by: proposerId as string, id: documentId });
      if (proposerId === oid("fabrikam") && !this.#agreed.fabrikam.has(text)) {
        wrong.push(`proposal ${String(id)} is of a text that Fabrikam never agreed to`);
      }
    }
    for (const { proposalId, ballot } of this.#ballots()) {
      const proposal = proposals.get(proposalId);
      const who = PEOPLE.find((person) => oid(person) === ballot.approverId);
      if (proposal && who && ballot.ballot === "accepted" && !this.#agreed[who].has(proposal.text)) {
        wrong.push(`${who} accepted a text that it never agreed to`);
      }
    }
    const datasets = changes.filter(({ kind, id }) => kind === "document" && id !== this.#query).map(({ id }) => id);
    const twice = datasets.filter((id, index) => datasets.indexOf(id) !== index);
    if (twice.length > 0) wrong.push(`written twice: ${twice.join(", ")}`);
    return wrong;
  }

  /** What the ledger lacks of what the programs say, once all is healed and brought up. */
  async shortcomings(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const [who, part] of [
      ["contosso", "sales"],
      ["litware", "members"],
    ] as const) {
      if (!this.#there.has(part)) continue;
      const kept = this.#stacks[who].kept(part);
      const document = kept && (await this.room.document(kept.id));
      if (document?.state !== "Accepted") wrong.push(`${part} is ${document?.state ?? "not there"}`);
    }
    const draft = this.#stacks.fabrikam.kept("draft");
    if (draft?.state.lastChangedBy === "this program") {
      const document = await this.room.document(this.#query);
      const text = textDigest(toQuery(JSON.parse(document.data) as SparkApplicationSpecification));
      if (text !== textDigest(draft.state as never)) wrong.push("the draft is said to be ours, and is not");
    }
    if (this.#there.has("secret")) {
      const stored = this.room.services.governance.readSecretAsCleanRoom(
        `${oid("litware")}_${this.prefix}-secret`,
        cleanRoomHostData,
      );
      const value = Buffer.from(stored, "base64").toString("utf8");
      if (value !== this.#secret().value) wrong.push(`the secret is '${value}'`);
    }
    return wrong;
  }

  #ballots(): readonly { proposalId: string; ballot: { approverId: string; ballot: string } }[] {
    return readFileSync(this.room.services.home.path("ledger.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"kind":"ballot"'))
      .map((line) => (JSON.parse(line) as { change: never }).change);
  }

  get #query(): string {
    return `${this.prefix}-query`;
  }

  #sales(): Properties {
    const fields = [["region"], ["amount"], ["region", "amount"]][this.#variants.sales];
    return azureDataset(`${this.prefix}-sales`, { datasetAccessPolicy: { accessMode: "read", allowedFields: fields } });
  }

  #members(): Properties {
    const fields = [["region"], ["amount"], ["region", "amount"]][this.#variants.members];
    return s3Dataset(`${this.prefix}-members`, { datasetAccessPolicy: { accessMode: "read", allowedFields: fields } });
  }

  #secret(): Properties {
    return { name: `${this.prefix}-secret`, value: `value ${this.#variants.secret}` };
  }

  /** Over the datasets as they are in the stacks, so that a program is what its author can write. */
  #content(): Properties {
    const id = (who: Person, part: string): string => this.#stacks[who].kept(part)?.id ?? `${this.prefix}-missing`;
    return {
      documentId: this.#query,
      segments: [
        { sequence: 1, sql: `CREATE VIEW big AS SELECT *, ${this.#variants.query} AS variant FROM sales` },
        { sequence: 2, sql: "SELECT region FROM big" },
      ],
      inputs: [
        { documentId: id("contosso", "sales"), view: "sales" },
        { documentId: id("litware", "members"), view: "members" },
      ],
      output: { documentId: this.results, view: "results" },
      ...(this.#overwrites && { onConflict: "overwrite" }),
    };
  }

  #sources(who: Person): Sources {
    return sources("cleanroom", (key) => this.settings[who][key], {});
  }

  /** Reads what is there and names its digest, as a reviewer does who agrees. */
  async #agree(who: Person): Promise<void> {
    const review = await this.#sources(who)
      .query(this.#query)
      .catch(() => undefined);
    if (review === undefined) return;
    this.#named[who] = review.digest;
    this.#agreed[who].add(textDigest(review.query));
  }

  /** What others do past the stacks, straight at governance; refusals are governance's business. */
  async #outside(what: (typeof DEEDS)[number]): Promise<void> {
    const path = `/userdocuments/${this.#query}`;
    const found = await this.room.govern("litware", "GET", path);
    const document = found.body as { state?: string; version?: string; proposalId?: string; data?: string };
    if (found.status !== 200) return;
    switch (what) {
      case "disable":
        return void (await this.room.govern("contosso", "POST", `${path}/runtimeoptions/execution/disable`));
      case "withdraw":
        return void (await this.room.govern("fabrikam", "POST", `/users/proposals/${document.proposalId}/withdraw`));
      case "reject":
        return void (await this.room.govern("litware", "POST", `${path}/vote_reject`, {
          proposalId: document.proposalId,
        }));
      case "amend":
      case "beneath": {
        // Beneath an open proposal the draft can go on being changed.
        if (document.state !== (what === "amend" ? "Draft" : "Proposed")) return;
        const { data = "", ...rest } = document;
        const application = JSON.parse(data) as SparkApplicationSpecification;
        const query = Buffer.from(application.application.query, "base64").toString("utf8");
        const changed = Buffer.from(query.replace("SELECT region", "SELECT DISTINCT region")).toString("base64");
        const next = { ...application, application: { ...application.application, query: changed } };
        return void (await this.room.govern("litware", "PUT", path, { ...rest, data: JSON.stringify(next) }));
      }
    }
  }
}

class Report implements Run {
  readonly done: string[] = [];
  readonly failed: string[] = [];

  async step(name: string, work: () => Promise<string | void>): Promise<void> {
    try {
      const what = await work();
      if (typeof what === "string") this.done.push(`${name}: ${what}`);
    } catch (error) {
      if (!(error instanceof EngineKilled)) this.failed.push(`${name}: ${(error as Error).message}`);
    }
  }
}
