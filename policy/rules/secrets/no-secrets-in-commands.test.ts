import { testRule, UNKNOWN, secret } from "../../../test/helpers/rule-cases";
import { noSecretsInCommands } from "./no-secrets-in-commands";

const command = (inputs: object): { type: string; inputs: object } => ({ type: "command:local:Command", inputs });

testRule(noSecretsInCommands, {
  violations: [
    {
      what: "a secret in the environment by its name, even one that is marked",
      given: command({ environment: { GITHUB_TOKEN: secret("abc") } }),
      says: "Command 'sales' sets the environment variable GITHUB_TOKEN, which is named like a secret",
    },
    {
      what: "a secret in the environment by its form",
      given: command({ environment: { STORE: `AccountName=a;AccountKey=${"A".repeat(86)}==` } }),
      says: "Command 'sales' has a storage account's connection string in environment.STORE",
    },
    {
      what: "a secret in the command line",
      given: command({ create: `curl -H "Authorization: Bearer ${"x".repeat(32)}" https://api.example` }),
      says: "Command 'sales' has a bearer token in create",
    },
    {
      what: "a plain secret by standard input",
      given: command({ stdin: "-----BEGIN PRIVATE KEY-----" }),
      says: "Command 'sales' has a private key in stdin",
    },
  ],
  complies: [
    {
      what: "a secret by standard input",
      given: command({
        create: "upload",
        environment: { FILE: "sales.csv" },
        stdin: secret("-----BEGIN PRIVATE KEY-----"),
      }),
    },
    {
      what: "a variable that is configured to be allowed",
      given: command({ environment: { CI_TOKEN: "none" } }),
      settings: { allowed: ["CI_TOKEN"] },
    },
  ],
  unknown: {
    what: "a variable",
    given: command({ environment: { STORE: UNKNOWN } }),
    path: "environment.STORE of Command 'sales'",
  },
  missing: { what: "a command without an environment", given: command({}), says: undefined },
});
