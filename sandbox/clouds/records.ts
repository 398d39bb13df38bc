// What exists in the clouds: one durable record a resource, kept in a journal and looked up by owner, type and id.
import { Journal } from "../journal";
import { Lag } from "./lag";

export type Properties = Readonly<Record<string, unknown>>;

/** Names one resource. Ids know no upper and lower case, as ARM's. */
interface Ref {
  /** The collaborator in whose subscription, account or tenant it is. */
  readonly owner: string;
  /** Pulumi's type token. */
  readonly type: string;
  readonly id: string;
}

export interface Resource extends Ref {
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** What the cloud knows and a read never answers, such as an access key's secret. */
  readonly hidden?: Properties;
}

/** A deleted resource whose name is blocked until its retention is over. */
interface SoftDeleted {
  readonly resource: Resource;
  /** ISO 8601. */
  readonly deletedAt: string;
  readonly purgeAt: string;
}

type Entry =
  | { readonly put: Resource }
  | { readonly delete: Ref }
  | { readonly softDelete: SoftDeleted }
  | { readonly purge: Ref };

export class Records {
  private constructor(
    private readonly journal: Journal<Entry>,
    private readonly live: Map<string, Map<string, Resource>>,
    private readonly deleted: Map<string, SoftDeleted>,
    private readonly lag: Lag,
  ) {}

  /** @param lag by which changes take effect where it is asked for. @default none */
  static async open(file: string, lag = new Lag(0, () => new Date())): Promise<Records> {
    const live = new Map<string, Map<string, Resource>>();
    const deleted = new Map<string, SoftDeleted>();
    return new Records(await Journal.open<Entry>(file, (entry) => apply(live, deleted, entry)), live, deleted, lag);
  }

  get({ owner, type, id }: Ref): Resource | undefined {
    return this.live.get(type)?.get(keyOf(owner, id));
  }

  /** All of one type, of every collaborator, oldest first. */
  list(type: string): readonly Resource[] {
    return [...(this.live.get(type)?.values() ?? [])];
  }

  /** The same as the rest of the cloud sees them by now. */
  settled(type: string): readonly Resource[] {
    return this.lag.seen(type, this.live.get(type) ?? new Map<string, Resource>());
  }

  /** Whether what happened at `time` (ISO 8601) is known everywhere by now. */
  isSettled(time: string, now: Date): boolean {
    return now.getTime() - Date.parse(time) >= this.lag.delay;
  }

  all(): readonly Resource[] {
    return [...this.live.values()].flatMap((each) => [...each.values()]);
  }

  softDeleted(type: string): readonly SoftDeleted[] {
    return [...this.deleted.values()].filter((each) => each.resource.type === type);
  }

  /** Writes the resource, over an earlier state of it; ends its soft deletion. */
  put(resource: Resource): Promise<void> {
    this.note(resource);
    return this.journal.append({ put: resource });
  }

  delete({ owner, type, id }: Ref): Promise<void> {
    this.note({ owner, type, id });
    return this.journal.append({ delete: { owner, type, id } });
  }

  softDelete(entry: SoftDeleted): Promise<void> {
    return this.journal.append({ softDelete: entry });
  }

  /** Forgets a soft-deleted resource for good. */
  purge({ owner, type, id }: Ref): Promise<void> {
    return this.journal.append({ purge: { owner, type, id } });
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private note({ owner, type, id }: Ref): void {
    this.lag.note(type, keyOf(owner, id), this.get({ owner, type, id }));
  }
}

function apply(live: Map<string, Map<string, Resource>>, deleted: Map<string, SoftDeleted>, entry: Entry): void {
  if ("put" in entry) {
    const { owner, type, id } = entry.put;
    const ofType = live.get(type) ?? new Map<string, Resource>();
    live.set(type, ofType.set(keyOf(owner, id), entry.put));
    deleted.delete(`${type} ${keyOf(owner, id)}`);
    return;
  }
  const { owner, type, id } =
    "delete" in entry ? entry.delete : "purge" in entry ? entry.purge : entry.softDelete.resource;
  live.get(type)?.delete(keyOf(owner, id));
  const key = `${type} ${keyOf(owner, id)}`;
  if ("softDelete" in entry) deleted.set(key, entry.softDelete);
  if ("purge" in entry) deleted.delete(key);
}

const keyOf = (owner: string, id: string): string => `${owner} ${id.toLowerCase()}`;
