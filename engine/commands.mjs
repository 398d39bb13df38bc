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
  sandbox: {
    usage: "npm run sandbox [-- --detach | --stop | --status] [--dir DIR] [--json] [--no-policy]",
    summary: "A clean room and its clouds on this machine.",
    options: {
      "--detach": "go on in the background",
      "--stop": "stop the one that runs in the background",
      "--status": "say whether it runs, and its addresses",
      "--dir DIR": "the folder that holds its state (default .sandbox)",
      "--json": "print its addresses as JSON",
      "--no-policy": "a clean room whose policy nobody has accepted yet",
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
  "docs:policies": {
    usage: "npm run docs:policies",
    summary: "Writes docs/policies.md anew, from what the rules of the policy pack say of themselves.",
    options: {},
    needsCli: false,
    program: ["policy/docs/main.ts"],
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
  const options = Object.entries(command.options).map(([option, meaning]) => `  ${option.padEnd(18)}${meaning}`);
  return `${[command.usage, "", command.summary, ...(options.length > 0 ? ["", ...options] : [])].join("\n")}\n`;
}
