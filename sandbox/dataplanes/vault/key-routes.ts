// Key Vault's key routes, as far as the sandbox models them; the others answer that they are not modelled.
import { randomBytes } from "node:crypto";
import type { KeyRequest } from "../../clouds";
import { ok, type Request, type Route } from "../../http";
import type { Trust } from "../trust";
import { Body } from "./body";
import type { KeyVersion } from "./model";
import { apply, type Keys, type KeyUpdate } from "./keys";
import { authoriseRelease, releaseAlgorithm, wrapKey } from "./release";
import type { Signer } from "./signer";
import { recovery, type VaultPart } from "./part";

interface KeyPart extends VaultPart {
  readonly keys: Keys;
  readonly trust: Trust;
  readonly signer: Signer;
}

export function keyRoutes(part: KeyPart): Route[] {
  const { keys, vault } = part;
  const allowed = (request: Request, action: string): Promise<void> =>
    part.authorise(request, `keys/${action}`, { kind: "keys", name: request.params.name });
  const bundle = (name: string, key: KeyVersion) => ok(keyBundle(part, name, key));

  const create = async (request: Request) => {
    await allowed(request, "create/action");
    const key = await keys.create(vault(), request.params.name, readCreate(await Body.of(request)));
    return bundle(request.params.name, key);
  };
  const get = async (request: Request) => {
    await allowed(request, "read");
    return bundle(request.params.name, keys.get(vault(), request.params.name, request.params.version));
  };
  const update = async (request: Request) => {
    await allowed(request, "update/action");
    const { name, version } = request.params;
    return bundle(name, await keys.update(vault(), name, version, readUpdate(await Body.of(request))));
  };
  const versions = async (request: Request) => {
    await allowed(request, "read");
    const { name } = request.params;
    const value = keys.versions(vault(), name).map((key) => keyItem(part, name, key, key.version));
    return ok({ value, nextLink: null });
  };
  const list = async (request: Request) => {
    await part.authorise(request, "keys/read");
    const value = [...part.store.list("keys", vault().name)]
      .filter(([, { deletedOn }]) => deletedOn === undefined)
      .flatMap(([name, { versions: all }]) => all.slice(-1).map((key) => keyItem(part, name, key)));
    return ok({ value, nextLink: null });
  };
  const use = (operation: string, action: string, direction: "encrypt" | "decrypt") => async (request: Request) => {
    await allowed(request, `${action}/action`);
    const { name, version } = request.params;
    const body = await Body.of(request);
    const key = keys.usable(vault(), name, version, operation);
    const value = apply(key, direction, body.text("alg"), body.bytes("value"));
    return ok({ kid: keyId(part.url, name, key), value: value.toString("base64url") });
  };
  const release = async (request: Request) => {
    await allowed(request, "release/action");
    const { name, version } = request.params;
    const body = await Body.of(request);
    const algorithm = releaseAlgorithm(body.optionalText("enc"));
    const key = keys.usable(vault(), name, version, "release");
    const target = await authoriseRelease(key, body.text("target"), part.trust);
    const kid = keyId(part.url, name, key);
    const keyHsm = {
      schema_version: "1.0",
      header: { kid: target.kid ?? "", alg: "dir", enc: algorithm },
      ciphertext: wrapKey(key, target, algorithm).toString("base64url"),
    };
    const { key: publicKey, ...properties } = keyBundle(part, name, key);
    const payload = {
      request: {
        "api-version": request.query.get("api-version"),
        enc: algorithm,
        kid,
        nonce: body.optionalText("nonce") ?? randomBytes(16).toString("hex"),
      },
      response: {
        key: {
          key: { ...publicKey, key_hsm: Buffer.from(JSON.stringify(keyHsm)).toString("base64url") },
          ...properties,
        },
      },
    };
    return ok({ value: await part.signer.sign(payload) });
  };

  const post = (path: string, handler: Route["handler"]): Route[] =>
    // An empty version stands for the current one: `/keys/NAME//release`; clients also leave its slash out.
    [`/keys/:name/:version/${path}`, `/keys/:name//${path}`, `/keys/:name/${path}`].map((each) => ({
      method: "POST",
      path: each,
      handler,
    }));
  return [
    { method: "GET", path: "/keys", handler: list },
    { method: "POST", path: "/keys/:name/create", handler: create },
    { method: "GET", path: "/keys/:name/versions", handler: versions },
    { method: "GET", path: "/keys/:name", handler: get },
    { method: "GET", path: "/keys/:name/", handler: get },
    { method: "GET", path: "/keys/:name/:version", handler: get },
    { method: "PATCH", path: "/keys/:name/:version", handler: update },
    { method: "PATCH", path: "/keys/:name/", handler: update },
    ...post("encrypt", use("encrypt", "encrypt", "encrypt")),
    ...post("decrypt", use("decrypt", "decrypt", "decrypt")),
    ...post("wrapkey", use("wrapKey", "wrap", "encrypt")),
    ...post("unwrapkey", use("unwrapKey", "unwrap", "decrypt")),
    ...post("release", release),
  ];
}

const keyId = (url: string, name: string, { version }: Pick<KeyVersion, "version">): string =>
  `${url}keys/${name}/${version}`;

/** `KeyBundle` of the REST reference: the public part of a key and what is known of it. */
export function keyBundle(part: Pick<VaultPart, "url" | "vault">, name: string, key: KeyVersion) {
  const { jwk, kty, keyOps, attributes, releasePolicy, tags } = key;
  const policy = releasePolicy && { release_policy: releasePolicy };
  return {
    key: { kid: keyId(part.url, name, key), kty, key_ops: keyOps, n: jwk.n, e: jwk.e },
    attributes: { ...attributes, ...recovery(part.vault()) },
    ...(tags && { tags }),
    ...policy,
  };
}

function keyItem({ url, vault }: KeyPart, name: string, { attributes, tags }: KeyVersion, version?: string) {
  const kid = version === undefined ? `${url}keys/${name}` : `${url}keys/${name}/${version}`;
  return { kid, attributes: { ...attributes, ...recovery(vault()) }, ...(tags && { tags }) };
}

function readCreate(body: Body): KeyRequest {
  return { kty: body.text("kty"), keySize: body.number("key_size"), ...readUpdate(body) };
}

function readUpdate(body: Body): KeyUpdate {
  const attributes = body.object("attributes");
  const policy = body.object("release_policy");
  return {
    keyOps: body.texts("key_ops"),
    tags: body.tags(),
    attributes: attributes && {
      enabled: attributes.boolean("enabled"),
      exportable: attributes.boolean("exportable"),
      nbf: attributes.number("nbf"),
      exp: attributes.number("exp"),
    },
    releasePolicy: policy && {
      contentType: policy.optionalText("contentType") ?? "application/json; charset=utf-8",
      data: policy.text("data"),
      ...(policy.boolean("immutable") === true && { immutable: true }),
    },
  };
}
