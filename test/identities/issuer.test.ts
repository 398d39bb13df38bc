// An issuer of the tenant's own, from the storage account to the clean room that signs in by it; what others do to it is
// shown by the next preview and mended by the next `up`.
import { join } from "node:path";
import { Agent, request } from "undici";
import { collaborator } from "../../sandbox/world";
import { startProgramStack, type ProgramStack } from "../helpers/stack-program";

const LONG = 3 * 60_000;
const ISSUER = "update pulumi-nodejs:dynamic/cleanroom:TenantIssuer issuer";

let stack: ProgramStack;
let outputs: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  stack = await startProgramStack(join(__dirname, "program"), "contosso");
  await stack.up("ownIssuer");
  outputs = await stack.outputs();
}, LONG);
afterAll(() => stack.end());

/** What the clean room's reader says of the step that signs in. */
async function signIn(): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const { ok, steps } = await stack.sandbox.read(outputs.dataset as string);
  return { ok, detail: steps.find(({ name }) => name === "identity")?.detail ?? "" };
}

/** Sets the tenant's issuer, as any user of the tenant may. */
async function setByAnother(url: string): Promise<void> {
  const { governance, signIn: entra } = stack.sandbox.services;
  const { tenantId, pipelineOid: oid } = collaborator("contosso");
  const token = await entra.issue({ tenantId, oid, appid: oid, audience: "https://management.azure.com" });
  await governance.as(`Bearer ${token}`).setIssuerUrl({ url });
}

test(
  "the clean room signs in by the tenant's own issuer, which is the same in all four places",
  async () => {
    expect(await signIn()).toEqual({
      ok: true,
      detail: expect.stringContaining(outputs.issuerUrl as string) as string,
    });
    expect(outputs.places).toEqual(
      ["governance", "discovery document", "federated credential", "dataset"].map((place) => ({
        place,
        issuerUrl: outputs.issuerUrl,
        problem: "",
      })),
    );
    expect((await stack.preview("ownIssuer")).steps).toEqual([]);
  },
  LONG,
);

test(
  "keys that governance rotated are shown and published; until then the clean room can't sign in",
  async () => {
    await stack.sandbox.admin.rotateSigningKey();
    expect(await signIn()).toEqual({ ok: false, detail: expect.stringContaining("AADSTS50013") as string });
    const { steps, said } = await stack.preview("ownIssuer");
    expect(steps).toEqual([ISSUER]);
    expect(said).toMatch(/discovery document: the keys served for .* are not governance's/);
    await stack.up("ownIssuer");
    expect((await signIn()).ok).toBe(true);
    expect((await stack.preview("ownIssuer")).steps).toEqual([]);
  },
  LONG,
);

test(
  "a URL and keys that somebody overwrote are shown and mended",
  async () => {
    const { signIn: entra, governance } = stack.sandbox.services;
    const { tenantId, userOid: oid } = collaborator("contosso");
    await setByAnother("https://elsewhere.example/oidc");
    const token = await entra.issue({ tenantId, oid, audience: "https://storage.azure.com" });
    expect(await put(`${outputs.issuerUrl as string}/openid/v1/jwks`, token, `{"keys":[]}`)).toBe(201);
    const { steps, said } = await stack.preview("ownIssuer");
    expect(steps).toEqual([ISSUER]);
    expect(said).toContain("the keys that are served (none) are not governance's");
    expect(said).toContain(
      "governance has the issuer 'https://elsewhere.example/oidc'; any user of the tenant may set it",
    );
    await stack.up("ownIssuer");
    expect((await signIn()).ok).toBe(true);
    expect(governance.tenantIssuer(tenantId)).toBe(outputs.issuerUrl);
  },
  LONG,
);

test(
  "gives the contract's issuer back when it goes",
  async () => {
    await stack.up("nothing");
    const { governance } = stack.sandbox.services;
    expect(governance.tenantIssuer(collaborator("contosso").tenantId)).toBe(`${governance.url}/app/oidc`);
  },
  LONG,
);

/** Writes a blob, past everything that is ours; answers the status. */
async function put(url: string, token: string, body: string): Promise<number> {
  const dispatcher = new Agent({ connect: { ca: stack.sandbox.services.tls.ca } });
  const headers = {
    authorization: `Bearer ${token}`,
    "x-ms-version": "2024-11-04",
    "x-ms-date": new Date().toUTCString(),
    "x-ms-blob-type": "BlockBlob",
    "content-type": "application/json",
  };
  const { statusCode, body: answer } = await request(url, { method: "PUT", dispatcher, headers, body });
  await answer.dump();
  await dispatcher.close();
  return statusCode;
}
