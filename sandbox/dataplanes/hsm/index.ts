// Managed HSMs: one of each collaborator's, activated, with its user and its pipeline as administrators. They have keys
// and local roles, and no secrets; Azure Resource Manager's part of them is not modelled.
import type { VaultFacts } from "../../clouds";
import type { SandboxContext } from "../../context";
import { type Gate, type Request, type RunningService, startService } from "../../http";
import { openSigningKey } from "../../signin";
import { type Collaborator, collaborators } from "../../world";
import type { Trust } from "../trust";
import { callerOf } from "../vault/access";
import { deletionRoutes } from "../vault/deletion-routes";
import { forbidden } from "../vault/errors";
import { keyRoutes } from "../vault/key-routes";
import { Keys } from "../vault/keys";
import type { VaultPart } from "../vault/part";
import { createSigner } from "../vault/signer";
import { VaultStore } from "../vault/store";
import { versioned } from "../vault/versioned";
import { LocalRoles, rolesFor } from "./roles";
import { roleRoutes } from "./role-routes";

const HSM_AUDIENCE = "https://managedhsm.azure.net";

export interface ManagedHsms {
  /** By the collaborator's name: `https://localhost:<port>/`. */
  readonly urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startManagedHsms(ctx: SandboxContext, trust: Trust, gate?: Gate): Promise<ManagedHsms> {
  const store = await VaultStore.open(`${ctx.dir}/hsms.jsonl`);
  const administrators = Object.fromEntries(
    collaborators.map(({ name, userOid, pipelineOid }) => [nameOf(name), [userOid, pipelineOid]]),
  );
  const roles = await LocalRoles.open(`${ctx.dir}/hsm-roles.jsonl`, administrators);
  const signer = createSigner(await openSigningKey(`${ctx.dir}/hsms.key`));
  const now = (): number => Math.floor(ctx.clock().getTime() / 1000);
  const keys = new Keys(store, now);
  const running: RunningService[] = [];

  const open = async (owner: Collaborator): Promise<readonly [string, string]> => {
    const facts = factsOf(owner);
    const port = await ctx.ports.get(`hsm:${facts.name}`);
    const url = `https://localhost:${port}/`;
    const authorise = async (request: Request, action: string, scope: string): Promise<void> => {
      const oid = await callerOf(ctx.signIn, facts.tenantId, request, HSM_AUDIENCE);
      if (roles.isAllowed(facts.name, oid, action, scope)) return;
      throw forbidden(
        "AccessForbidden",
        `User is not authorized to perform the action 'Microsoft.KeyVault/managedHsm/${action}' on '${scope}'. ` +
          `Caller: oid=${oid}; local roles that allow it: ${rolesFor(action).join(", ")}; HSM: ${facts.name}`,
      );
    };
    const part: VaultPart = {
      url,
      store,
      now,
      vault: () => facts,
      authorise: (request, action, object) =>
        authorise(request, action, object === undefined ? "/keys" : `/keys/${object.name}`),
    };
    const routes = [
      ...roleRoutes({ hsm: facts.name, roles, authorise }),
      ...keyRoutes({ ...part, keys, trust, signer }),
      ...deletionRoutes(part, "keys"),
    ].map(versioned);
    const service = { service: `hsm ${facts.name}`, port, tls: ctx.tls, routes, gate };
    running.push(await startService({ ...service, log: (line) => ctx.log(line) }));
    return [owner.name, url];
  };
  return {
    urls: Object.fromEntries(await Promise.all(collaborators.map(open))),
    stop: async () => {
      await Promise.all(running.map((each) => each.close()));
      await store.close();
      await roles.close();
    },
  };
}

const nameOf = (collaborator: string): string => `${collaborator}-hsm`;

/** A Managed HSM keeps what is deleted for 90 days unless told otherwise; its keys are all in hardware. */
function factsOf({ name, tenantId, subscriptionId }: Collaborator): VaultFacts {
  return {
    name: nameOf(name),
    id: `/subscriptions/${subscriptionId}/resourceGroups/security/providers/Microsoft.KeyVault/managedHSMs/${nameOf(name)}`,
    owner: name,
    tenantId,
    sku: "premium",
    rbac: true,
    purgeProtection: true,
    retentionDays: 90,
  };
}
