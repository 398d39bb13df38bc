// The provider process at its most talkative, among services that say every request again: no secret in what it says,
// in its errors or in its answers.
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { answering, json, type Answering, type Asked } from "../helpers/answering";
import { startTestRoom, type TestRoom } from "../helpers/clean-room";
import { startProviderProcess, type Properties, type ProviderProcess } from "../helpers/provider-process";
import { hits, type Canaries } from "./canaries";

const DEK = Buffer.from("canary-of-a-data-encryption-key!").toString("base64");
const VALUES = {
  text: 'canary of a text\'s value: "quoted" & +/=',
  lines:
    "-----BEGIN CANARY-----\nfirst+line/of=the canary's key\nsecond+line/of=the canary's key\n-----END CANARY-----",
  bytes: Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index * 3)).toString("base64"),
  connection: JSON.stringify({
    awsAccessKeyId: "AKIACANARY0000000001",
    awsSecretAccessKey: "canary/of+the/access/key",
  }),
};
const FLAGS = ["--logtostderr", "-v=11"];

/** Every way in which a service could say a request again. */
const ECHOES: readonly ((response: ServerResponse, asked: Asked, all: string) => void)[] = [
  (response, _asked, all) => json(response, 400, { error: { code: "BadRequest", message: `You sent ${all}` } }),
  (response, asked) => json(response, 400, { error: { code: asked.headers.authorization ?? "", message: asked.body } }),
  (response, asked) =>
    json(response, 409, { error: { code: "Conflict", message: Buffer.from(asked.body).toString("base64") } }),
  (response, asked) => json(response, 400, { error: { code: "Bad", message: encodeURIComponent(asked.body) } }),
  (response, _asked, all) => json(response, 400, { error: { code: "Bad", message: Buffer.from(all).toString("hex") } }),
  (response, asked) => json(response, 400, { title: "Invalid", detail: asked.body, errors: { value: [asked.body] } }),
  (response, _asked, all) => json(response, 422, `Error publishing: ${JSON.stringify(all)}`),
  (response, _asked, all) => response.writeHead(400, { "content-type": "text/plain" }).end(all),
  (response, asked) => response.writeHead(400, { "content-type": "text/html" }).end(`<title>${asked.body}</title>`),
  (response, asked) => json(response, 400, JSON.parse(asked.body === "" ? "{}" : asked.body)),
  (response, asked) => json(response, 200, { secretId: asked.body, value: asked.body }),
  (response, asked) => json(response, 200, [asked.headers.authorization, asked.body]),
  (response, _asked, all) => response.writeHead(200, { "content-type": "application/json" }).end(`{"said": ${all}`),
  (response, asked) =>
    response.writeHead(302, { location: `/login/${encodeURIComponent(asked.headers.authorization ?? "")}` }).end(),
  (response, asked) => {
    const last = asked.body.split('"value":"')[1] ?? asked.body;
    json(response, 400, { error: { code: "Bad", message: `The value ${last.slice(0, 20)}… is not acceptable` } });
  },
];

let room: TestRoom;
let echo: Answering;
let reply: (typeof ECHOES)[number];
let talkative: ProviderProcess;
let canaries: Canaries;
let errors: string[];

beforeAll(async () => {
  room = await startTestRoom();
  const token = await room.services.token("litware");
  echo = await answering((response, _count, asked) => {
    // A policy is there, so that secrets are sent at all; sign-in and vault answer what they have.
    if (asked.url.includes("cleanroompolicy"))
      return json(response, 200, { policy: { "x-ms-sevsnpvm-hostdata": ["aa"] } });
    if (asked.url.includes("/identity")) {
      return json(response, 200, { access_token: token, expires_on: "4102444800", token_type: "Bearer" });
    }
    if (asked.method === "GET" && asked.url.includes("/secrets/dek"))
      return json(response, 200, { value: DEK, tags: {} });
    reply(response, asked, `${asked.method} ${asked.url} ${JSON.stringify(asked.headers)} ${asked.body}`);
  });
  canaries = {
    token,
    signature: token.split(".")[2] ?? "",
    "data encryption key": DEK,
    ...VALUES,
    "one of the lines": "second+line/of=the canary's key",
    "access key": "canary/of+the/access/key",
  };
  const addresses = { governanceUrl: echo.url, frontendUrl: echo.url };
  // So long a key is proved, again and again, to somebody who answers something else.
  const config = await room.config("litware", { ...addresses, deadlineSeconds: "3" });
  talkative = await startProviderProcess(
    config,
    {
      IDENTITY_ENDPOINT: `${echo.url}/identity`,
      IDENTITY_HEADER: "x",
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    },
    undefined,
    FLAGS,
  );
  errors = [];
});
afterAll(async () => {
  await talkative.end();
  await echo.close();
  await room.end();
});

/** What the engine would be told; a failure's text, an answer without the inputs that are secret. */
async function told(action: Promise<unknown>): Promise<void> {
  const outcome = await action.then(
    (answer) => JSON.stringify(answer),
    (error: unknown) => (error as Error).message,
  );
  errors.push(outcome);
}

test.each(ECHOES.map((each, index) => [index, each] as const))(
  "nothing that echo %d says again is told or logged",
  async (index, each) => {
    reply = each;
    const secrets = talkative.kind("ContractSecret");
    for (const [name, value] of Object.entries(VALUES)) {
      const inputs: Properties = {
        name: `echo-${index}-${name}`,
        value,
        encoding: name === "bytes" ? "base64" : "text",
      };
      await told(secrets.check(inputs));
      await told(secrets.create(inputs).then(withoutValue));
      const state = { ...inputs, secretId: `x_${String(inputs.name)}`, salt: "00", fingerprint: "00" };
      await told(
        secrets
          .update(String(state.secretId), state, { ...inputs, value: `${value}.` })
          .then(({ secretId }) => secretId),
      );
      await told(
        secrets.read(String(state.secretId), state).then((seen) => withoutValue({ state: seen?.state ?? {} })),
      );
      await told(secrets.delete(String(state.secretId), state));
    }
    const vault = { vaultUrl: `${echo.url}/`, keyName: "kek", secretName: "dek", wrappedSecretName: "wrapped" };
    const policy = { version: "1.0.0", anyOf: [{ authority: "https://a/", allOf: [{ claim: "c", equals: "e" }] }] };
    await told(talkative.kind("DataKey").create({ ...vault, releasePolicy: policy }));
    const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey } = JSON.parse(VALUES.connection) as {
      awsAccessKeyId: string;
      awsSecretAccessKey: string;
    };
    const place = { url: echo.url, bucket: "members", region: "eu-west-1" };
    await told(talkative.kind("AccessKeyProof").create({ ...place, accessKeyId, secretAccessKey }));
    expect(errors.at(-1)).toContain("listing answered");
    expect(errors.length).toBeGreaterThan(20);
    expect(hits(canaries, { errors: errors.join("\n"), stderr: talkative.said() })).toEqual([]);
  },
  60_000,
);

function withoutValue({ state: { value: _, ...state } }: { readonly state: Properties }): Properties {
  return state;
}

test("nothing secret is in the answers beside the secret itself, or in the services' log of requests", async () => {
  const { NODE_EXTRA_CA_CERTS } = { NODE_EXTRA_CA_CERTS: room.services.home.path("ca.pem") };
  const process = await startProviderProcess(await room.config("litware"), { NODE_EXTRA_CA_CERTS }, undefined, FLAGS);
  const secrets = process.kind("ContractSecret");
  const answers: unknown[] = [];
  for (const [name, value] of Object.entries(VALUES)) {
    const inputs = { name, value, encoding: name === "bytes" ? "base64" : "text" };
    const { id, state } = await secrets.create(inputs);
    const changed = await secrets.update(id, state, inputs);
    const seen = await secrets.read(id, state);
    for (const each of [state, changed, seen?.state ?? {}]) answers.push(id, withoutValue({ state: each }));
    answers.push(await secrets.diff(id, state, { ...inputs, value: "another value" }));
    await secrets.delete(id, state);
  }
  await process.end();
  const requests = readFileSync(room.services.home.path("requests.jsonl"), "utf8");
  expect(requests).toContain("/secrets/connection");
  expect(process.said()).toContain("[cleanroom] set secret 'connection'");
  expect(hits(canaries, { answers: JSON.stringify(answers), stderr: process.said(), requests })).toEqual([]);
});
