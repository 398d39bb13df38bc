"use strict";
// Prints, as JSON, the text that each kind's provider has in a stack's state: made by the engine's own serializer from
// the file as it is, which a test's transpiler would have changed.
const { runtime } = require("@pulumi/pulumi");
const { shim } = require("../../components/governance/shim");

async function main(kinds) {
  const texts = {};
  for (const kind of kinds) {
    const provider = shim(kind);
    texts[kind] = (await runtime.serializeFunction(() => provider, { allowSecrets: true })).text;
  }
  process.stdout.write(JSON.stringify(texts));
}

void main(process.argv.slice(2));
