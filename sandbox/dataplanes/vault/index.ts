// The Key Vault data plane: one TLS port a vault, so that `vaultUri` is a host of its own as in Azure. Real, unmodified
// clients of keys and secrets work against it.
import type { SandboxContext } from "../../context";
import { type Handler, type Route, type RunningService, ServiceError, startService } from "../../http";
import { openSigningKey } from "../../signin";
import type { RoleGrant } from "../roles";
import type { Trust } from "../trust";
import { authorise } from "./access";
import { deletionRoutes } from "./deletion-routes";
import { badParameter } from "./errors";
import { keyRoutes } from "./key-routes";
import { type KeyRequest, Keys } from "./keys";
import type { KeyVersion, VaultFacts } from "./model";
import type { VaultPart } from "./part";
import { secretRoutes } from "./secret-routes";
import { createSigner } from "./signer";
import { VaultStore } from "./store";

export type { KeyRequest } from "./keys";
export type { VaultFacts } from "./model";

/** What the vaults ask of the clouds. */
export interface VaultWorld {
  /** The vault as ARM knows it now, undefined once it is deleted. */
  vault(name: string): VaultFacts | undefined;
  grants(): readonly RoleGrant[];
}

export interface ArmKey {
  readonly keyUri: string;
  readonly keyUriWithVersion: string;
  readonly key: KeyVersion;
}

export interface Vaults {
  /** Starts to serve a vault that ARM has just made, or recovered. @returns its `vaultUri` */
  open(name: string): Promise<string>;
  /** Ends the service of a deleted vault; purged, its content is forgotten. */
  close(name: string, purged: boolean): Promise<void>;
  uri(name: string): Promise<string>;
  /** ARM's PUT of a key: makes it, or answers the one that is there, unchanged. */
  putKey(vault: VaultFacts, name: string, request: KeyRequest): Promise<ArmKey>;
  /** ARM's GET of a key: the current version. */
  getKey(vault: VaultFacts, name: string): Promise<ArmKey | undefined>;
  stop(): Promise<void>;
}

export async function startVaults(ctx: SandboxContext, world: VaultWorld, trust: Trust): Promise<Vaults> {
  const store = await VaultStore.open(`${ctx.dir}/vaults.jsonl`);
  const signer = createSigner(await openSigningKey(`${ctx.dir}/vaults.key`));
  const now = (): number => Math.floor(ctx.clock().getTime() / 1000);
  const keys = new Keys(store, now);
  const running = new Map<string, RunningService>();
  const port = (name: string): Promise<number> => ctx.ports.get(`vault:${name.toLowerCase()}`);
  const uri = async (name: string): Promise<string> => `https://localhost:${await port(name)}/`;

  const known = (name: string): VaultFacts => {
    const vault = world.vault(name);
    if (vault === undefined) throw new ServiceError(404, "VaultNotFound", `The vault ${name} does not exist any more.`);
    return vault;
  };
  const armKey = async (vault: VaultFacts, name: string): Promise<ArmKey> => {
    const key = keys.get(vault, name);
    const keyUri = `${await uri(vault.name)}keys/${name}`;
    return { keyUri, keyUriWithVersion: `${keyUri}/${key.version}`, key };
  };
  const exists = (vault: VaultFacts, name: string): boolean =>
    store.find("keys", vault.name, name)?.deletedOn === undefined && store.find("keys", vault.name, name) !== undefined;

  return {
    uri,
    open: async (name) => {
      const url = await uri(name);
      if (running.has(name.toLowerCase())) return url;
      const part: VaultPart = {
        url,
        store,
        now,
        vault: () => known(name),
        authorise: (request, action, object) =>
          authorise({ signIn: ctx.signIn, grants: () => world.grants() }, known(name), request, action, object),
      };
      const routes = [
        ...keyRoutes({ ...part, keys, trust, signer }),
        ...secretRoutes(part),
        ...deletionRoutes(part, "keys"),
        ...deletionRoutes(part, "secrets"),
        ...unmodelled,
      ].map(versioned);
      const options = { service: `vault ${name}`, port: await port(name), tls: ctx.tls, routes };
      running.set(name.toLowerCase(), await startService({ ...options, log: (line) => ctx.log(line) }));
      return url;
    },
    close: async (name, purged) => {
      await running.get(name.toLowerCase())?.close();
      running.delete(name.toLowerCase());
      if (purged) await store.purgeVault(name);
    },
    putKey: async (vault, name, request) => {
      if (!exists(vault, name)) await keys.create(vault, name, request);
      return armKey(vault, name);
    },
    getKey: async (vault, name) => (exists(vault, name) ? armKey(vault, name) : undefined),
    stop: async () => {
      await Promise.all([...running.values()].map((each) => each.close()));
      await store.close();
    },
  };
}

/** Every call of Key Vault's REST interface names the version of it that it speaks. */
function versioned({ method, path, handler }: Route): Route {
  const checked: Handler = (request) => {
    if (!request.query.get("api-version")) throw badParameter("api-version must be specified");
    return handler(request);
  };
  return { method, path, handler: checked };
}

const unmodelled: readonly Route[] = (
  [
    ["PUT", "/keys/:name"],
    ["POST", "/keys/:name/rotate"],
    ["POST", "/keys/:name/backup"],
    ["POST", "/keys/restore"],
    ["POST", "/keys/:name/:version/sign"],
    ["POST", "/keys/:name/:version/verify"],
    ["POST", "/secrets/:name/backup"],
    ["POST", "/secrets/restore"],
    ["GET", "/certificates/:name"],
  ] as const
).map(([method, path]) => ({
  method,
  path,
  handler: () => {
    throw new ServiceError(501, "NotImplemented", `The sandbox does not model ${method} ${path} of Key Vault`);
  },
}));
