// One project, one program a collaborator: the stack's name, up to its first '-', says whose program runs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const collaborator = pulumi.getStack().split("-")[0] ?? "";

if (!/^[a-z]+$/.test(collaborator) || !existsSync(join(__dirname, collaborator))) {
  throw new pulumi.RunError(
    `Stack '${pulumi.getStack()}' has no program: name it contosso, litware or fabrikam, or one of these with a suffix, such as contosso-test.`,
  );
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the program's exports are the stack's outputs
module.exports = require(`./${collaborator}`) as object;
