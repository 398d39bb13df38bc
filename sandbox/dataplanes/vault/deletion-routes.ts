// Soft deletion, the same for keys and secrets: what is deleted can be recovered or, without purge protection, purged;
// its name is taken until then.
import { empty, ok, type Request, type Route, ServiceError } from "../../http";
import { forbidden, notFound } from "./errors";
import { keyBundle } from "./key-routes";
import type { ObjectKind } from "./model";
import type { VaultPart } from "./part";
import { secretItem } from "./secret-routes";

const DAY = 24 * 60 * 60;

export function deletionRoutes(part: VaultPart, kind: ObjectKind): Route[] {
  const { store, now, vault } = part;
  const allowed = (request: Request, action: string): Promise<void> =>
    part.authorise(request, `${kind}/${action}`, { kind, name: request.params.name });
  const deletedOn = (name: string): number => {
    const on = store.find(kind, vault().name, name)?.deletedOn;
    if (on === undefined) throw notFound(kind, name);
    return on;
  };
  const deleted = (name: string) => ({
    ...bundle(part, kind, name),
    recoveryId: `${part.url}deleted${kind}/${name}`,
    deletedDate: deletedOn(name),
    scheduledPurgeDate: deletedOn(name) + vault().retentionDays * DAY,
  });

  const remove = async (request: Request) => {
    await allowed(request, "delete");
    const { name } = request.params;
    const found = store.find(kind, vault().name, name);
    if (found === undefined || found.deletedOn !== undefined) throw notFound(kind, name);
    await store.softDelete(kind, vault().name, name, now());
    return ok(deleted(name));
  };
  const get = async (request: Request) => {
    await allowed(request, kind === "keys" ? "read" : "readMetadata/action");
    return ok(deleted(request.params.name));
  };
  const recover = async (request: Request) => {
    await allowed(request, "recover/action");
    const { name } = request.params;
    deletedOn(name);
    await store.recover(kind, vault().name, name);
    return ok(bundle(part, kind, name));
  };
  const purge = async (request: Request) => {
    await allowed(request, "purge/action");
    const { name } = request.params;
    deletedOn(name);
    if (vault().purgeProtection) {
      throw forbidden(
        "ForbiddenByPolicy",
        'Operation "purge" is not allowed because purge protection is enabled for this vault.',
      );
    }
    await store.purge(kind, vault().name, name);
    return empty(204);
  };
  return [
    { method: "DELETE", path: `/${kind}/:name`, handler: remove },
    { method: "GET", path: `/deleted${kind}/:name`, handler: get },
    { method: "POST", path: `/deleted${kind}/:name/recover`, handler: recover },
    { method: "DELETE", path: `/deleted${kind}/:name`, handler: purge },
  ];
}

/** Of a deleted secret the value is not shown. */
function bundle(part: VaultPart, kind: ObjectKind, name: string): object {
  if (kind === "keys") {
    const key = part.store.find("keys", part.vault().name, name)?.versions.at(-1);
    if (key !== undefined) return keyBundle(part, name, key);
  } else {
    const secret = part.store.find("secrets", part.vault().name, name)?.versions.at(-1);
    if (secret !== undefined) return secretItem(part, name, secret, secret.version);
  }
  throw new ServiceError(500, "InternalServerError", `${kind} ${name} has no version`);
}
