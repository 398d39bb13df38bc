// The commands behind the npm scripts: what each is for, what it needs, what it runs.

/** `needsCli`: the Pulumi CLI is found first and put on PATH. `program`: run by Node 24, with TypeScript, arguments passed on. */
export const COMMANDS = {
  demo: {
    usage: "npm run demo [-- --fresh | --keep | --json FILE | --dir DIR]",
    summary: "Three collaborators, three flows, from nothing to an accepted query, told step by step.",
    options: {
      "--fresh": "begin anew: delete the sandbox's folder first",
      "--keep": "leave the sandbox running and say how to look around",
      "--json FILE": "write the outcome to FILE",
      "--dir DIR": "the sandbox's folder (default .sandbox)",
    },
    needsCli: true,
    program: ["demo/main.ts"],
  },
  test: {
    usage: "npm test [-- <arguments for jest>]",
    summary: "Type check, lint, format check and all tests; with arguments only jest, with these arguments.",
    options: {},
    needsCli: true,
    program: ["engine/test.mjs"],
  },
  "test:nightly": {
    usage: "npm run test:nightly [-- --seed N] [test files]",
    summary:
      "Every test in its large size: the whole fault matrix, all kills of the ledger, thousands of random runs; says how many, and with which seed.",
    options: { "--seed N": "what is random is made from it (default: SEED, else another one every time)" },
    needsCli: true,
    program: ["engine/nightly.mjs"],
  },
  sandbox: {
    usage: "npm run sandbox [-- --detach | --stop | --status] [--dir DIR] [--json] [--no-policy] [--eventual SECONDS]",
    summary: "A clean room and its clouds on this machine.",
    options: {
      "--detach": "go on in the background",
      "--stop": "stop the one that runs in the background",
      "--status": "say whether it runs, and its addresses",
      "--dir DIR": "the folder that holds its state (default .sandbox)",
      "--json": "print its addresses as JSON",
      "--no-policy": "a clean room whose policy nobody has accepted yet",
      "--eventual SECONDS":
        "roles, federated credentials, AWS keys and policies, and a deleted vault's name take effect so late (default 0)",
    },
    needsCli: false,
    program: ["sandbox/main.ts", "start"],
  },
  "sandbox:env": {
    usage: "npm run -s sandbox:env -- <contosso | litware | fabrikam> [--dir DIR]",
    summary: "Prints the `export` lines with which that collaborator's own `pulumi up` runs against the sandbox.",
    options: { "--dir DIR": "the sandbox's folder (default .sandbox)" },
    needsCli: true,
    program: ["sandbox/main.ts", "env"],
  },
  "sandbox:read": {
    usage: "npm run -s sandbox:read -- <document id> [--host-data HEX] [--rows N] [--dir DIR] [--json]",
    summary:
      "Reads a dataset as the attested clean room would: the steps, and the first rows. Exit code 1 when it cannot.",
    options: {
      "--host-data HEX": "attest as another clean room, 64 hex digits",
      "--rows N": "how many rows to show (default 5)",
      "--dir DIR": "the sandbox's folder (default .sandbox)",
      "--json": "print the steps as JSON",
    },
    needsCli: false,
    program: ["sandbox/main.ts", "read"],
  },
  "sandbox:fabric": {
    usage: "npm run -s sandbox:fabric -- <workspace> <object id> <read | write | none> [--dir DIR]",
    summary:
      "Gives an identity a right in a workspace of the sandbox's stand-in for OneLake, as is done by hand in Fabric.",
    options: { "--dir DIR": "the sandbox's folder (default .sandbox)" },
    needsCli: false,
    program: ["sandbox/main.ts", "fabric"],
  },
  "docs:policies": {
    usage: "npm run docs:policies",
    summary: "Writes docs/policies.md anew, from what the rules of the policy pack say of themselves.",
    options: {},
    needsCli: false,
    program: ["policy/docs/main.ts"],
  },
  definitions: {
    usage: "npm run definitions",
    summary:
      "Writes anew what the sandbox knows of the providers' types, from the installed packages: after one is updated, or a type is modelled.",
    options: {},
    needsCli: false,
    program: ["sandbox/clouds/definitions/generate/main.ts"],
  },
  "docs:stores": {
    usage: "npm run docs:stores",
    summary: "Writes docs/stores.md anew, from the table of stores, encryption modes and places of a key.",
    options: {},
    needsCli: false,
    program: ["contract/docs/main.ts"],
  },
  audit: {
    usage:
      "npm run -s audit -- --stack NAME [--stack NAME …] [--config-from NAME] [--ignore KIND,…] [--json] [--cwd DIR]",
    summary:
      "Compares stacks' states with governance, changes nothing. Exit code 0: nothing found; 1: something; 2: it could not be done.",
    options: {
      "--stack NAME": "a stack to look at; several of one collaborator know of each other",
      "--config-from NAME": "the stack whose configuration says where the services are (default: each its own)",
      "--ignore KIND,…": "kinds of finding to leave out",
      "--json": "print the findings as JSON",
      "--cwd DIR": "a folder of the stacks' project (default: this one)",
    },
    needsCli: true,
    program: ["cli/main.ts", "audit"],
  },
  doctor: {
    usage: "npm run -s doctor -- --stack NAME [--json] [--cwd DIR]",
    summary:
      "Checks before the first `up` what can be checked with the credentials at hand, and says what mends what; changes nothing. Exit code 0: nothing stands in the way; 1: something; 2: it could not be done.",
    options: {
      "--stack NAME": "the stack that is to be brought up",
      "--json": "print the checks as JSON",
      "--cwd DIR": "a folder of the stack's project (default: this one)",
    },
    needsCli: true,
    program: ["cli/main.ts", "doctor"],
  },
  "sandbox:fault": {
    usage: "npm run -s sandbox:fault -- <add KIND | list | clear [ID]> [options]",
    summary: `Makes a running sandbox fail on purpose, at the requests or ledger writes that match, until it is cleared.
At a request: refuse, cut-in-request, die-before-commit, die-after-commit, no-answer, lose-answer, cut-after-status,
cut-in-body, 429, 503, delay, answer, mutate. At a write: die-before-write, die-after-write, fail-before-write,
fail-after-write.`,
    options: {
      "--service S": "requests of this service only: frontend, governance, …",
      "--method M": "requests with this method only",
      "--path P": "requests with this part in path or query; with * the whole of it",
      "--change C": "writes of this kind only: document, proposal, ballot, consent, secret, …",
      "--nth N": "the first match that is hit, counted from 1",
      "--times N": "how many are hit from there on (default 1 with --nth, else all)",
      "--chance P": "how likely each of them is hit, 0 to 1",
      "--seed N": "what is random is made from it (default 1)",
      "--retry-after S": "seconds, for 429 and 503 (default 1)",
      "--as-date": "Retry-After as a date, for 429 and 503",
      "--milliseconds N": "how long, for delay",
      "--status N": "status of the answer, for answer",
      "--text T": "its body",
      "--content-type T": "its content type (default application/json)",
      "--after-commit": "the request is carried out before, for answer",
      "--dir DIR": "the sandbox's folder (default .sandbox)",
      "--json": "print the result as JSON",
    },
    needsCli: false,
    program: ["sandbox/main.ts", "fault"],
  },
  "record-state": {
    usage: "npm run record-state",
    summary: "Records this release's programs and states in test/states, for later releases to be tested with.",
    options: {},
    needsCli: true,
    program: ["test/states/record.ts"],
  },
  engine: {
    usage: "npm run engine [-- --verbose]",
    summary: "Finds the Pulumi CLI, or gets it, and prints where it is and why that one.",
    options: { "--verbose": "also the language host, Node.js and Pulumi's home" },
    needsCli: true,
    program: undefined,
  },
};

/** The text of `--help` for one command, or the list of all. */
export function help(name) {
  const command = COMMANDS[name];
  if (!command) {
    const lines = Object.values(COMMANDS).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
    return `Commands:\n${lines.join("\n")}\nEach explains itself with --help.\n`;
  }
  const options = Object.entries(command.options).map(([option, meaning]) => `  ${option.padEnd(20)}${meaning}`);
  return `${[command.usage, "", command.summary, ...(options.length > 0 ? ["", ...options] : [])].join("\n")}\n`;
}
