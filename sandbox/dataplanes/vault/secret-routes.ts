// Key Vault's secret routes: set, get, versions, list and the attributes of a version.
import { randomBytes } from "node:crypto";
import { ok, type Request, type Route } from "../../http";
import { Body } from "./body";
import { badParameter, forbidden, isDeleted, notFound } from "./errors";
import type { SecretVersion } from "./model";
import { recovery, type VaultPart } from "./part";

const NAME = /^[0-9a-zA-Z-]{1,127}$/;
const LARGEST = 25_600;

export function secretRoutes(part: VaultPart): Route[] {
  const { store, now, vault } = part;
  const allowed = (request: Request, action: string): Promise<void> =>
    part.authorise(request, `secrets/${action}`, { kind: "secrets", name: request.params.name });

  const versionsOf = (name: string): readonly SecretVersion[] => {
    const secret = store.find("secrets", vault().name, name);
    if (secret === undefined || secret.deletedOn !== undefined) throw notFound("secrets", name);
    return secret.versions;
  };
  const find = ({ name, version }: Request["params"]): SecretVersion => {
    const all = versionsOf(name);
    const found = version ? all.find((each) => each.version === version) : all.at(-1);
    if (found === undefined) throw notFound("secrets", `${name}/${version}`);
    return found;
  };
  const set = async (request: Request) => {
    await allowed(request, "setSecret/action");
    const { name } = request.params;
    if (!NAME.test(name)) throw badParameter(`The secret name ${JSON.stringify(name)} must match ${NAME.source}`);
    if (store.find("secrets", vault().name, name)?.deletedOn !== undefined) throw isDeleted("secrets", name);
    const body = await Body.of(request);
    const value = body.text("value");
    if (Buffer.byteLength(value) > LARGEST) throw badParameter(`The secret's value is longer than ${LARGEST} bytes`);
    const attributes = { enabled: true, ...readAttributes(body), created: now(), updated: now() };
    const secret = {
      version: randomBytes(16).toString("hex"),
      value,
      contentType: body.optionalText("contentType"),
      tags: body.tags(),
      attributes,
    };
    await store.put("secrets", vault().name, name, secret);
    return ok(secretBundle(part, name, secret));
  };
  const get = async (request: Request) => {
    await allowed(request, "getSecret/action");
    const secret = find(request.params);
    if (!secret.attributes.enabled)
      throw forbidden("SecretDisabled", "Operation get is not allowed on a disabled secret.");
    return ok(secretBundle(part, request.params.name, secret));
  };
  const update = async (request: Request) => {
    await allowed(request, "setSecret/action");
    const body = await Body.of(request);
    const old = find(request.params);
    const secret: SecretVersion = {
      ...old,
      contentType: body.optionalText("contentType") ?? old.contentType,
      tags: body.tags() ?? old.tags,
      attributes: { ...old.attributes, ...readAttributes(body), updated: now() },
    };
    await store.put("secrets", vault().name, request.params.name, secret);
    return ok(secretItem(part, request.params.name, secret, secret.version));
  };
  const versions = async (request: Request) => {
    await allowed(request, "readMetadata/action");
    const { name } = request.params;
    return ok({
      value: versionsOf(name).map((each) => secretItem(part, name, each, each.version)),
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
export function secretBundle(part: Pick<VaultPart, "url" | "vault">, name: string, secret: SecretVersion) {
  return { ...secretItem(part, name, secret, secret.version), value: secret.value };
}

function secretItem(part: Pick<VaultPart, "url" | "vault">, name: string, secret: SecretVersion, version?: string) {
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
