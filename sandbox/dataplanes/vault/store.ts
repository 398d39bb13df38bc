// The durable content of all vaults: keys with their private parts, and secrets. Every answer is given after the entry
// is on the disk.
import { Journal } from "../../journal";
import type { KeyVersion, ObjectKind, ObjectOf, SecretVersion, VaultObject } from "./model";

/** `version` adds one, or replaces the one of the same name; the others move the whole object. */
type Change<K extends ObjectKind, V> =
  | { readonly kind: K; readonly vault: string; readonly name: string; readonly version: V }
  | { readonly kind: K; readonly vault: string; readonly name: string; readonly deletedOn: number }
  | { readonly kind: K; readonly vault: string; readonly name: string; readonly gone: "recovered" | "purged" };

type Entry =
  | Change<"keys", KeyVersion>
  | Change<"secrets", SecretVersion>
  | { readonly kind: "vault"; readonly vault: string; readonly gone: "purged" };

interface Content {
  readonly keys: Map<string, VaultObject<KeyVersion>>;
  readonly secrets: Map<string, VaultObject<SecretVersion>>;
}

export class VaultStore {
  private readonly vaults: Map<string, Content>;

  private constructor(
    private readonly journal: Journal<Entry>,
    vaults: Map<string, Content>,
  ) {
    this.vaults = vaults;
  }

  static async open(file: string): Promise<VaultStore> {
    const vaults = new Map<string, Content>();
    return new VaultStore(await Journal.open<Entry>(file, (entry) => apply(vaults, entry)), vaults);
  }

  /** Names know no upper and lower case. */
  find<K extends ObjectKind>(kind: K, vault: string, name: string): VaultObject<ObjectOf[K]> | undefined {
    return this.list(kind, vault).get(name.toLowerCase());
  }

  list<K extends ObjectKind>(kind: K, vault: string): ReadonlyMap<string, VaultObject<ObjectOf[K]>> {
    const content = this.vaults.get(vault.toLowerCase());
    return (content?.[kind] ?? new Map()) as ReadonlyMap<string, VaultObject<ObjectOf[K]>>;
  }

  put<K extends ObjectKind>(kind: K, vault: string, name: string, version: ObjectOf[K]): Promise<void> {
    return this.journal.append({ kind, vault, name, version } as Entry);
  }

  softDelete(kind: ObjectKind, vault: string, name: string, deletedOn: number): Promise<void> {
    return this.journal.append({ kind, vault, name, deletedOn } as Entry);
  }

  recover(kind: ObjectKind, vault: string, name: string): Promise<void> {
    return this.journal.append({ kind, vault, name, gone: "recovered" });
  }

  purge(kind: ObjectKind, vault: string, name: string): Promise<void> {
    return this.journal.append({ kind, vault, name, gone: "purged" });
  }

  /** Forgets a vault that ARM has purged: a later one of the same name begins empty. */
  async purgeVault(vault: string): Promise<void> {
    if (this.vaults.has(vault.toLowerCase())) await this.journal.append({ kind: "vault", vault, gone: "purged" });
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

function apply(vaults: Map<string, Content>, entry: Entry): void {
  const key = entry.vault.toLowerCase();
  if (entry.kind === "vault") {
    vaults.delete(key);
    return;
  }
  const content = vaults.get(key) ?? { keys: new Map(), secrets: new Map() };
  vaults.set(key, content);
  if (entry.kind === "keys") change(content.keys, entry);
  else change(content.secrets, entry);
}

function change<K extends ObjectKind, V extends { readonly version: string }>(
  objects: Map<string, VaultObject<V>>,
  entry: Change<K, V>,
): void {
  const name = entry.name.toLowerCase();
  const versions = objects.get(name)?.versions ?? [];
  if ("version" in entry) {
    const { version } = entry;
    const known = versions.some((each) => each.version === version.version);
    objects.set(name, {
      versions: known
        ? versions.map((each) => (each.version === version.version ? version : each))
        : [...versions, version],
    });
  } else if ("deletedOn" in entry) objects.set(name, { versions, deletedOn: entry.deletedOn });
  else if (entry.gone === "recovered") objects.set(name, { versions });
  else objects.delete(name);
}
