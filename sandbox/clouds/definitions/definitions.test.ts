// The definitions are those of the installed packages, and the models keep to them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packages } from "../packages";
import { startTestClouds, type TestClouds } from "../testing";
import { roles, types, vaultProperties } from "../testing/azure";
import { checkDefinition, type Wording } from "./check";
import { type Definition, definitionOf } from "./definition";
import { definitionFiles, expectedFiles, folder } from "./generate/files";

const models = packages.flatMap((provider) => provider.models.map((model) => ({ provider, model })));

test("the definitions are what `npm run definitions` writes from the installed packages", () => {
  const expected = expectedFiles();
  expect(definitionFiles()).toEqual([...expected.keys()].sort());
  for (const [path, text] of expected) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
});

test("each provider stands in for the version that is installed", () => {
  for (const { provider, model } of models) expect(definitionOf(model.type).version).toBe(provider.version);
});

test.each(models.map(({ model }) => [model.type, model] as const))(
  "%s models, replaces and answers nothing that the real one does not know",
  (type, { inputs, replaceOn, computed, autoname }) => {
    const definition = definitionOf(type);
    const known = Object.keys(definition.inputs).map((each) => each.replace("?", ""));
    expect(known).toEqual(expect.arrayContaining(Object.keys(inputs)));
    expect(known).toEqual(expect.arrayContaining(replaceOn.map((path) => path.split(".")[0])));
    expect(definition.outputs).toEqual(expect.arrayContaining(computed.map((path) => path.split(".")[0])));
    if (autoname !== undefined) expect(known).toContain(autoname.property);
  },
);

// As azure-native's own generator decides: every part of a resource's path replaces it.
test.each(
  models
    .filter(({ provider, model }) => provider.name === "azure-native" && model.autoname)
    .map(({ model }) => [model.type, model] as const),
)("%s is replaced for another name or group", (_type, { inputs, replaceOn, autoname }) => {
  const path = ["resourceGroupName", autoname?.property ?? ""].filter((each) => each in inputs);
  expect(replaceOn).toEqual(expect.arrayContaining(path));
});

test.each(models.map(({ model }) => [model.type, model] as const))(
  "%s is replaced for what its documentation says",
  (type, { inputs, replaceOn }) => {
    const documented = definitionOf(type).replaces.filter((each) => each in inputs);
    expect(replaceOn).toEqual(expect.arrayContaining(documented));
  },
);

describe("a check", () => {
  const definition: Definition = {
    token: "a:b:C",
    package: "@pulumi/a",
    version: "1.0.0",
    inputs: {
      name: "string",
      "size?": "number",
      "mode?": { values: ["x", "y"] },
      "tags?": { map: "string" },
      "rules?": { list: "b.Rule" },
      "policy?": { oneOf: ["string", "b.Rule"] },
      "free?": "any",
    },
    types: { "b.Rule": { id: "string", "more?": "b.Rule" } },
    outputs: [],
    replaces: [],
  };
  const wording: Wording = {
    missing: ({ path }) => `missing ${path}`,
    unknown: ({ path }, similar) => `unknown ${path}, ${similar ?? "nothing"} like it`,
    wrongType: ({ path }, expected, got, shown) => `${path} ${expected} ${got} ${shown}`,
    notAmong: ({ path }, values, shown) => `${path} ${values.join("|")} ${shown}`,
  };
  const reasons = (inputs: object, secret: readonly string[] = []): readonly string[] =>
    checkDefinition(definition, wording, "n", inputs, secret).map(({ reason }) => reason);

  test("takes what fits, what is not known yet, and the provider's own notes", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(
      reasons({ name: "n", size: 1, mode: "y", tags: { a: "b" }, rules: [{ id: "1", more: { id: "2" } }] }),
    ).toEqual([]);
    expect(
      reasons({ name: unknown, size: unknown, rules: unknown, policy: { id: "1" }, free: [1], __defaults: [] }),
    ).toEqual([]);
  });

  test.each([
    [{}, "missing name"],
    [{ name: "n", Sise: 1 }, "unknown Sise, size like it"],
    [{ name: "n", colour: 1 }, "unknown colour, nothing like it"],
    [{ name: 1 }, "name string number 1"],
    [{ name: "n", mode: "z" }, `mode x|y "z"`],
    [{ name: "n", tags: { a: true } }, "tags.a string boolean true"],
    [{ name: "n", rules: { id: "1" } }, "rules array object an object"],
    [{ name: "n", rules: [{ id: "1", more: { ID: "2" } }] }, "unknown rules[0].more.ID, id like it"],
    [{ name: "n", policy: { id: 1 } }, "policy.id string number 1"],
    [{ name: "n", policy: 7 }, "policy string number 7"],
  ])("fails for %j", (inputs, reason) => {
    expect(reasons(inputs)).toContain(reason);
  });

  test("never shows a secret", () => {
    expect(reasons({ name: 5, mode: "z", tags: { a: 1 } }, ["name", "mode", "tags"])).toEqual([
      "name string number a secret",
      "mode x|y a secret",
      "tags.a string number a secret",
    ]);
  });
});

describe("what does not fit fails as from the real provider", () => {
  let clouds: TestClouds;
  beforeAll(async () => {
    clouds = await startTestClouds();
  });
  afterAll(() => clouds.end());

  const account = { resourceGroupName: "g", kind: "StorageV2", sku: { name: "Standard_LRS" } };
  const role = { principalId: "p", roleDefinitionId: roles.blobReader, scope: "/" };
  test.each([
    ["azure-native", types.account, { ...account, sku: {} }, "missing required property 'sku.name'"],
    [
      "azure-native",
      types.account,
      { ...account, resourceGroupName: 7 },
      "'resourceGroupName' should be of type 'string' but got a number",
    ],
    ["azure-native", types.account, { ...account, tags: "a" }, "'tags' should be of type 'object' but got a string"],
    [
      "azure-native",
      types.account,
      { ...account, kind: "Blobs" },
      `'kind' is "Blobs", which Azure does not take; azure-native`,
    ],
    [
      "azure-native",
      types.vault,
      { resourceGroupName: "g", properties: { ...vaultProperties(), vaultUrl: "u" } },
      "'properties.vaultUrl' is no property of azure-native:keyvault:Vault",
    ],
    ["azure-native", types.role, { ...role, roleDefinitionID: "x" }, "Did you mean 'roleDefinitionId'?"],
    ["aws", "aws:iam/accessKey:AccessKey", {}, "Missing required property 'user'"],
    ["aws", "aws:s3/bucket:Bucket", { bucketname: "b" }, "Invalid or unknown key. Examine values at 'it.bucketname'."],
    [
      "aws",
      "aws:s3/bucket:Bucket",
      { tags: { a: ["b"] } },
      "expected string type, got an array of type array. Examine values at 'it.tags.a'.",
    ],
    ["azuread", "azuread:index/application:Application", {}, "Missing required property 'displayName'"],
    [
      "command",
      "command:local:Command",
      { creates: "x" },
      "Unrecognized field 'creates' on 'local.CommandInputs'; did you mean 'create'?",
    ],
    [
      "command",
      "command:local:Command",
      { create: ["x"] },
      "Field 'create' on 'local.CommandInputs' must be a 'string'; got '[]interface {}' instead",
    ],
  ])("%s %s with %j", async (name, type, inputs, says) => {
    await expect(clouds.provider(name).check(type, "it", inputs)).rejects.toThrow(says);
  });

  test("a function's arguments as well", async () => {
    const invoked = clouds.provider("azure-native").invoke("azure-native:keyvault:getVault", { vaultname: "v" });
    await expect(invoked).rejects.toThrow("missing required property 'resourceGroupName'");
    await expect(invoked).rejects.toThrow("Did you mean 'vaultName'?");
  });
});
