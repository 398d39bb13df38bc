// Azure Resource Manager, as far as the doctor asks it: it only reads. Each answer is checked for its shape.
import { ResourceManager } from "../../../provider/services/resource-manager";
import { fieldsOf, itemText, listOf, optionalText, textOf } from "../../../provider/services/shape";
import type { Caller } from "../../../provider/services/token";

export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tenantId: string | undefined;
}

/** What one role assignment gives the caller. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly isConditional: boolean;
}

export interface ProviderState {
  readonly registrationState: string;
  /** Regions by type, as they are shown: `West Europe`. None for what belongs to no region. */
  readonly locations: ReadonlyMap<string, readonly string[]>;
}

export interface Sku {
  readonly name: string;
  readonly kind: string;
  readonly locations: readonly string[];
  /** Why the subscription can't have it there: `NotAvailableForSubscription`. */
  readonly restrictions: readonly string[];
}

export interface Availability {
  readonly isFree: boolean;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

export interface DeletedVault {
  readonly name: string;
  readonly location: string;
  /** ISO 8601; when its name is free again. */
  readonly purgedAt: string;
}

/** Milliseconds for one request. */
const PATIENCE = 15_000;

export class Arm {
  readonly #manager: ResourceManager;
  readonly #providers = new Map<string, Promise<ProviderState>>();

  constructor(url: string) {
    this.#manager = new ResourceManager(url, PATIENCE);
  }

  /** Who is signed in. */
  caller(): Promise<Caller> {
    return this.#manager.caller();
  }

  async subscriptions(): Promise<readonly Subscription[]> {
    const found = await this.#manager.list("/subscriptions", "2022-12-01", "list subscriptions");
    return found.map(({ item, where }) => ({
      id: textOf(item, "subscriptionId", where),
      name: textOf(item, "displayName", where),
      state: textOf(item, "state", where),
      tenantId: optionalText(item, "tenantId", where),
    }));
  }

  /** What the caller may do at a subscription or a resource group, by all role assignments together. */
  async permissions(scope: string): Promise<readonly Permission[]> {
    const path = `${scope}/providers/Microsoft.Authorization/permissions`;
    const found = await this.#manager.list(path, "2022-04-01", `read our rights on ${scope}`);
    return found.map(({ item, where }) => ({
      actions: texts(item.actions, where),
      notActions: texts(item.notActions, where),
      isConditional: optionalText(item, "condition", where) !== undefined,
    }));
  }

  /** Asked once. */
  provider(subscription: string, namespace: string): Promise<ProviderState> {
    const known = this.#providers.get(namespace) ?? this.#provider(subscription, namespace);
    this.#providers.set(namespace, known);
    return known;
  }

  async #provider(subscription: string, namespace: string): Promise<ProviderState> {
    const path = `/subscriptions/${subscription}/providers/${namespace}`;
    const step = `read resource provider ${namespace}`;
    const { body, where } = await this.#manager.ask(path, "2021-04-01", { step });
    const fields = fieldsOf(body, where);
    const types = listOf(fields.resourceTypes ?? [], where).map((item) => fieldsOf(item, where));
    return {
      registrationState: textOf(fields, "registrationState", where),
      locations: new Map(
        types.map((each) => [textOf(each, "resourceType", where).toLowerCase(), texts(each.locations, where)]),
      ),
    };
  }

  async storageSkus(subscription: string): Promise<readonly Sku[]> {
    const path = `/subscriptions/${subscription}/providers/Microsoft.Storage/skus`;
    const found = await this.#manager.list(path, STORAGE_VERSION, "list the SKUs of storage accounts");
    return found.map(({ item, where }) => ({
      name: textOf(item, "name", where),
      kind: optionalText(item, "kind", where) ?? "",
      locations: texts(item.locations, where),
      restrictions: listOf(item.restrictions ?? [], where).map(
        (each) => optionalText(fieldsOf(each, where), "reasonCode", where) ?? "restricted",
      ),
    }));
  }

  /** Storage accounts in a region, and how many there may be; undefined when the service does not say. */
  async storageAccounts(
    subscription: string,
    location: string,
  ): Promise<{ readonly used: number; readonly limit: number } | undefined> {
    const path = `/subscriptions/${subscription}/providers/Microsoft.Storage/locations/${location}/usages`;
    const found = await this.#manager.list(path, STORAGE_VERSION, `read the use of storage quotas in ${location}`);
    const usage = found.find(({ item, where }) => fieldsOf(item.name ?? {}, where).value === "StorageAccounts")?.item;
    const { currentValue: used, limit } = usage ?? {};
    return typeof used === "number" && typeof limit === "number" ? { used, limit } : undefined;
  }

  accountName(subscription: string, name: string): Promise<Availability> {
    return this.#availability(subscription, "Microsoft.Storage/storageAccounts", name, STORAGE_VERSION);
  }

  vaultName(subscription: string, name: string): Promise<Availability> {
    return this.#availability(subscription, "Microsoft.KeyVault/vaults", name, VAULT_VERSION);
  }

  /** Deleted vaults of the subscription, which keep their names until they are purged. */
  async deletedVaults(subscription: string): Promise<readonly DeletedVault[]> {
    const path = `/subscriptions/${subscription}/providers/Microsoft.KeyVault/deletedVaults`;
    const found = await this.#manager.list(path, VAULT_VERSION, "list deleted vaults");
    return found.map(({ item, where }) => {
      const properties = fieldsOf(item.properties ?? {}, where);
      return {
        name: textOf(item, "name", where),
        location: optionalText(properties, "location", where) ?? "",
        purgedAt: optionalText(properties, "scheduledPurgeDate", where) ?? "",
      };
    });
  }

  async #availability(subscription: string, type: string, name: string, version: string): Promise<Availability> {
    const path = `/subscriptions/${subscription}/providers/${type.split("/")[0]}/checkNameAvailability`;
    const step = `ask whether the name '${name}' is free`;
    const { body, where } = await this.#manager.ask(path, version, { step, body: { name, type } });
    const fields = fieldsOf(body, where);
    return {
      isFree: fields.nameAvailable === true,
      reason: optionalText(fields, "reason", where),
      message: optionalText(fields, "message", where),
    };
  }
}

const STORAGE_VERSION = "2023-05-01";
const VAULT_VERSION = "2023-07-01";

const texts = (value: unknown, where: string): readonly string[] =>
  listOf(value ?? [], where).map((item) => itemText(item, where));
