// The Key Vault data plane: one TLS port a vault, so that `vaultUri` is a host of its own as in Azure. Real, unmodified
// clients of keys and secrets work against it.
import type { CloudHooks, RoleAssignmentFacts, VaultFacts } from "../../clouds";
import type { SandboxContext } from "../../context";
import { type Gate, type Route, type RunningService, ServiceError, startService } from "../../http";
import { openSigningKey } from "../../signin";
import type { Trust } from "../trust";
import { authorise } from "./access";
import { armHooks } from "./arm";
import { deletionRoutes } from "./deletion-routes";
import { keyRoutes } from "./key-routes";
import { Keys } from "./keys";
import type { VaultPart } from "./part";
import { secretRoutes } from "./secret-routes";
import { Secrets } from "./secrets";
import { createSigner } from "./signer";
import { VaultStore } from "./store";
import { versioned } from "./versioned";

/** What the vaults ask of the clouds. */
export interface VaultWorld {
  /** The vault as ARM knows it now, undefined once it is deleted. */
  vault(name: string): VaultFacts | undefined;
  vaults(): readonly VaultFacts[];
  roleAssignments(): readonly RoleAssignmentFacts[];
}

type VaultHooks = Pick<
  CloudHooks,
  | "vaultCreated"
  | "vaultDeleted"
  | "vaultPurged"
  | "keyPut"
  | "keyRead"
  | "keyRecovered"
  | "keyDeleted"
  | "secretPut"
  | "secretRead"
  | "secretRecovered"
  | "secretDeleted"
>;

export interface Vaults {
  /** How ARM makes and ends vaults, keys and secrets here. */
  readonly hooks: VaultHooks;
  stop(): Promise<void>;
}

/** Serves every vault that is there, and from then on those that ARM makes. */
export async function startVaults(ctx: SandboxContext, world: VaultWorld, trust: Trust, gate?: Gate): Promise<Vaults> {
  const store = await VaultStore.open(`${ctx.dir}/vaults.jsonl`);
  const signer = createSigner(await openSigningKey(`${ctx.dir}/vaults.key`));
  const now = (): number => Math.floor(ctx.clock().getTime() / 1000);
  const [keys, secrets] = [new Keys(store, now), new Secrets(store, now)];
  const running = new Map<string, RunningService>();
  const port = (name: string): Promise<number> => ctx.ports.get(`vault:${name.toLowerCase()}`);
  const uri = async (name: string): Promise<string> => `https://localhost:${await port(name)}/`;

  const known = (name: string): VaultFacts => {
    const vault = world.vault(name);
    if (vault === undefined) throw new ServiceError(404, "VaultNotFound", `The vault ${name} does not exist any more.`);
    return vault;
  };
  const open = async (name: string): Promise<string> => {
    const url = await uri(name);
    if (running.has(name.toLowerCase())) return url;
    const part: VaultPart = {
      url,
      store,
      now,
      vault: () => known(name),
      authorise: (request, action, object) =>
        authorise({ signIn: ctx.signIn, grants: () => world.roleAssignments() }, known(name), request, action, object),
    };
    const routes = [
      ...keyRoutes({ ...part, keys, trust, signer }),
      ...secretRoutes({ ...part, secrets }),
      ...deletionRoutes(part, "keys"),
      ...deletionRoutes(part, "secrets"),
      ...unmodelled,
    ].map(versioned);
    const options = { service: `vault ${name}`, port: await port(name), tls: ctx.tls, routes, gate };
    running.set(name.toLowerCase(), await startService({ ...options, log: (line) => ctx.log(line) }));
    return url;
  };
  const close = async (name: string): Promise<void> => {
    await running.get(name.toLowerCase())?.close();
    running.delete(name.toLowerCase());
  };
  await Promise.all(world.vaults().map(({ name }) => open(name)));
  return {
    hooks: {
      vaultCreated: async ({ name }) => ({ vaultUri: await open(name) }),
      vaultDeleted: ({ name }) => close(name),
      vaultPurged: async (name) => {
        await close(name);
        await store.purgeVault(name);
      },
      ...armHooks({ store, keys, secrets, now, uri }),
    },
    stop: async () => {
      await Promise.all([...running.values()].map((each) => each.close()));
      await store.close();
    },
  };
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
