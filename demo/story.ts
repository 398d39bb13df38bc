// The three flows, in the order in which the collaborators need each other. Every step may have been done before.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sources, type ReviewableQuery } from "../provider";
import type { Story } from "./print";
import type { Collaborator } from "./pulumi";
import { hasNoChanges, readable } from "./readable";

/** The first revision's document id; a query over other datasets is another document, `fabrikam-query-2` and so on. */
const QUERY = "fabrikam-query";

export interface Collaborators {
  readonly contosso: Collaborator;
  readonly litware: Collaborator;
  readonly fabrikam: Collaborator;
}

/** What the attested clean room found when it read a dataset. */
export interface Reading {
  readonly ok: boolean;
  readonly steps: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  readonly totalRows?: number;
}

/** Reads a dataset as the clean room with these host data, or as the admitted one. */
export type Reader = (documentId: string, hostData?: string) => Promise<Reading>;

/** A clean room that no policy admits. */
const STRANGER = "ff".repeat(32);

export interface Outcome {
  readonly query: ReviewableQuery;
  readonly datasets: readonly {
    readonly documentId: string;
    readonly read: boolean;
    readonly strangerRefused: boolean;
  }[];
}

export class Flows {
  #saved = 0;
  /** How much was done so far, and how much when a stack's preview last showed nothing. */
  #done = 0;
  readonly #quiet = new Map<string, number>();
  #query = QUERY;
  #shownDigest = "";

  constructor(
    private readonly story: Story,
    private readonly who: Collaborators,
    private readonly read: Reader,
    /** Folder for the whole previews. */
    private readonly folder: string,
    /** Replaces object ids by names, for telling; what is saved stays as it was. */
    private readonly named: (text: string) => string = (text) => text,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  async play(): Promise<Outcome> {
    const { contosso, litware, fabrikam } = this.who;
    const { story } = this;

    story.chapter("1  Contosso publishes a dataset from Azure");
    await this.#deploy(contosso, "identity, access, key under release policy, encrypted data, dataset");

    story.chapter("2  Litware publishes a dataset from outside Azure, and a place for results");
    await this.#encryptionKey(litware);
    await this.#deploy(litware, "bucket, two governance secrets, encrypted data, dataset; results");
    const datasets = await this.#proofs();
    await this.#chooseRevision(datasets.map(({ documentId }) => documentId));

    story.chapter("3  Fabrikam asks, Litware amends, both owners accept");
    await this.#deploy(fabrikam, `drafts ${this.#query}`);
    await this.#deploy(litware, "amends the draft with its own SQL");
    await this.#agree(fabrikam, "propose", "proposes it, as Litware amended it");
    await this.#agree(litware, "approve", "reviewed it, and accepts");
    await this.#agree(contosso, "approve", "reviewed it, and accepts");
    await this.#deploy(fabrikam, "notes the result");

    const query = await this.#reviewed(fabrikam);
    if (query === undefined) {
      throw new Error(`Governance has no query '${this.#query}' at the end of the story.`);
    }
    return { query, datasets };
  }

  /** Preview for the colleagues, then up; neither where nothing was done since the last preview showed nothing. */
  async #deploy(who: Collaborator, what: string): Promise<void> {
    if (this.#quiet.get(who.name) === this.#done) {
      this.story.line(`    ${who.name.padEnd(9)} ${what}: is done`);
      return;
    }
    const preview = await this.story.step(who.name, "pulumi preview", (progress) => who.preview(progress));
    this.story.detail(this.#shown(who, preview.output));
    if (hasNoChanges(preview.output)) {
      this.#quiet.set(who.name, this.#done);
      return;
    }
    this.#done++;
    const { output } = await this.story.step(who.name, `pulumi up: ${what}`, (progress) => who.up(progress));
    const { waitingFor } = await who.outputs();
    for (const reason of [waitingFor].flat().filter((text) => typeof text === "string" && text !== "")) {
      this.story.detail(this.named(`waits: ${String(reason)}`));
    }
    this.#save(who, "up", output);
  }

  /** Names the digest of what is there for review, which is the act of agreeing, and deploys that. */
  async #agree(who: Collaborator, key: "propose" | "approve", what: string): Promise<void> {
    const query = await this.story.step(who.name, `reviews ${this.#query} in governance`, () => this.#reviewed(who));
    if (query === undefined) {
      throw new Error(`Governance has no query '${this.#query}' for ${who.name} to review.`);
    }
    if (query.digest !== this.#shownDigest) {
      this.#shownDigest = query.digest;
      this.story.detail(query.text.join("\n"));
    }
    this.story.detail(`${query.state}, ${query.digest}`);
    const { [`cleanroom:${key}`]: named } = await who.config();
    if (named?.value !== query.digest) {
      await who.setConfig(key, query.digest);
      this.#done++;
    }
    await this.#deploy(who, what);
  }

  async #encryptionKey(litware: Collaborator): Promise<void> {
    if ("cleanroom:encryptionKey" in (await litware.config())) {
      return;
    }
    await this.story.step(litware.name, "pulumi config set --secret encryptionKey", () =>
      litware.setConfig("encryptionKey", randomBytes(32).toString("base64"), true),
    );
  }

  /** Every dataset is read by the admitted clean room, and refused to another. */
  async #proofs(): Promise<Outcome["datasets"]> {
    const [contosso, litware] = await Promise.all([this.who.contosso.outputs(), this.who.litware.outputs()]);
    const ids = [contosso.dataset, litware.dataset, litware.output].map(String);
    const proofs: Outcome["datasets"][number][] = [];
    for (const documentId of ids) {
      const reading = await this.story.step("clean room", `reads ${documentId}`, () => this.read(documentId));
      const failed = reading.steps.find(({ ok }) => !ok);
      this.story.detail(failed === undefined ? sample(reading) : `${failed.name}: ${failed.detail}`);
      const refusal = await this.story.step("stranger", `tries ${documentId}`, () => this.read(documentId, STRANGER));
      const stopped = refusal.steps.find(({ ok }) => !ok);
      this.story.detail(stopped === undefined ? "was NOT refused" : `refused at '${stopped.name}': ${stopped.detail}`);
      proofs.push({ documentId, read: reading.ok, strangerRefused: !refusal.ok });
    }
    return proofs;
  }

  #reviewed(who: Collaborator): Promise<ReviewableQuery | undefined> {
    return sources("cleanroom", () => undefined, who.env).query(this.#query);
  }

  /**
   * Datasets that were published anew (after a destroy, say) are other documents, and an accepted query can't be changed
   * to use them: the collaborators agree on another id for it, and what they had agreed to is void.
   */
  async #chooseRevision(datasets: readonly string[]): Promise<void> {
    const { contosso, litware, fabrikam } = this.who;
    for (let revision = 1; ; revision++) {
      this.#query = revision === 1 ? QUERY : `${QUERY}-${revision}`;
      const found = await this.#reviewed(fabrikam);
      const used =
        found === undefined ? [] : [...found.query.inputs, found.query.output].map(({ documentId }) => documentId);
      if (used.every((documentId) => datasets.includes(documentId))) {
        break;
      }
    }
    for (const who of [contosso, litware, fabrikam]) {
      const { "cleanroom:query": known, ...others } = await who.config();
      if ((known?.value ?? QUERY) === this.#query) {
        continue;
      }
      await who.setConfig("query", this.#query);
      this.#done++;
      for (const digest of ["propose", "approve"].filter((key) => `cleanroom:${key}` in others)) {
        await who.run(["config", "rm", "--stack", who.name, digest]);
      }
    }
  }

  #shown(who: Collaborator, output: string): string {
    const file = this.#save(who, "preview", output);
    return `${this.named(readable(output))}\n(whole: ${file})`;
  }

  #save(who: Collaborator, what: string, output: string): string {
    const file = join(this.folder, `${String(++this.#saved).padStart(2, "0")}-${who.name}-${what}.txt`);
    writeFileSync(file, output);
    return file;
  }
}

function sample({ columns = [], rows = [], totalRows, steps }: Reading): string {
  const head = `${steps.length} steps passed${totalRows === undefined ? "" : `, ${totalRows} rows`}`;
  return [head, ...[columns, ...rows.slice(0, 2)].filter((row) => row.length > 0).map((row) => row.join(", "))].join(
    "\n",
  );
}
