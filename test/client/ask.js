"use strict";
// One request in a process of its own, whose environment says how the network is: prints the answer, or the error.
require("../../provider/typescript").loadTypeScript();
const { HttpClient } = require("../../provider/http/client.ts");

const [url, deadline] = process.argv.slice(2);
const client = new HttpClient(async () => "header.cGF5bG9hZA.canary-signature");
client
  .send({ method: "GET", url, step: "read document 'x'", deadline: Number(deadline ?? 5000) })
  .then(
    ({ status }) => console.log(status),
    (error) => console.log(`${error.name}: ${error.message}`),
  )
  .finally(() => client.close());
