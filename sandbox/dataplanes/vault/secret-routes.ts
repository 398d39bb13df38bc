// Key Vault's secret routes: set, get, versions, list and the attributes of a version.
import { ok, type Request, type Route } from "../../http";
import { Body } from "./body";
import { forbidden } from "./errors";
import type { SecretVersion } from "./model";
import { recovery, type VaultPart } from "./part";
import type { Secrets } from "./secrets";

interface SecretPart extends VaultPart {
  readonly secrets: Secrets;
}

export function secretRoutes(part: SecretPart): Route[] {
  const { store, secrets, vault } = part;
  const allowed = (request: Request, action: string): Promise<void> =>
    part.authorise(request, `secrets/${action}`, { kind: "secrets", name: request.params.name });

  const set = async (request: Request) => {
    await allowed(request, "setSecret/action");
    const body = await Body.of(request);
    const secret = await secrets.set(vault(), request.params.name, {
      value: body.text("value"),
      contentType: body.optionalText("contentType"),
      tags: body.tags(),
      attributes: readAttributes(body),
    });
    return ok(secretBundle(part, request.params.name, secret));
  };
  const get = async (request: Request) => {
    await allowed(request, "getSecret/action");
    const secret = secrets.get(vault(), request.params.name, request.params.version);
    if (!secret.attributes.enabled)
      throw forbidden("SecretDisabled", "Operation get is not allowed on a disabled secret.");
    return ok(secretBundle(part, request.params.name, secret));
  };
  const update = async (request: Request) => {
    await allowed(request, "setSecret/action");
    const body = await Body.of(request);
    const { name, version } = request.params;
    const change = {
      contentType: body.optionalText("contentType"),
      tags: body.tags(),
      attributes: readAttributes(body),
    };
    const secret = await secrets.update(vault(), name, version, change);
    return ok(secretItem(part, request.params.name, secret, secret.version));
  };
  const versions = async (request: Request) => {
    await allowed(request, "readMetadata/action");
    const { name } = request.params;
    return ok({
      value: secrets.versions(vault(), name).map((each) => secretItem(part, name, each, each.version)),
      nextLink: null,
    });
  };
  const list = async (request: Request) => {
    await part.authorise(request, "secrets/readMetadata/action");
    const value = [...store.list("secrets", vault().name)]
      .filter(([, { deletedOn }]) => deletedOn === undefined)
      .flatMap(([name, { versions: all }]) => all.slice(-1).map((each) => secretItem(part, name, each)));
    return ok({ value, nextLink: null });
  };
  return [
    { method: "GET", path: "/secrets", handler: list },
    { method: "PUT", path: "/secrets/:name", handler: set },
    { method: "GET", path: "/secrets/:name/versions", handler: versions },
    { method: "GET", path: "/secrets/:name", handler: get },
    { method: "GET", path: "/secrets/:name/", handler: get },
    { method: "GET", path: "/secrets/:name/:version", handler: get },
    { method: "PATCH", path: "/secrets/:name/:version", handler: update },
    { method: "PATCH", path: "/secrets/:name/", handler: update },
  ];
}

/** `SecretBundle` of the REST reference. */
function secretBundle(part: Pick<VaultPart, "url" | "vault">, name: string, secret: SecretVersion) {
  return { ...secretItem(part, name, secret, secret.version), value: secret.value };
}

/** `SecretItem`: everything but the value. */
export function secretItem(
  part: Pick<VaultPart, "url" | "vault">,
  name: string,
  secret: SecretVersion,
  version?: string,
) {
  const { attributes, contentType, tags } = secret;
  return {
    id: `${part.url}secrets/${name}${version === undefined ? "" : `/${version}`}`,
    attributes: { ...attributes, ...recovery(part.vault()) },
    ...(contentType !== undefined && { contentType }),
    ...(tags && { tags }),
  };
}

function readAttributes(body: Body) {
  const given = body.object("attributes");
  const [enabled, nbf, exp] = [given?.boolean("enabled"), given?.number("nbf"), given?.number("exp")];
  return {
    ...(enabled !== undefined && { enabled }),
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
  };
}
