// Commands get their secrets by standard input, or fetch them themselves.
import { cleanRoom, defineRule, mcsb, texts } from "../../framework";
import { namesSecret, secretIn } from "./patterns";

const COMMANDS = ["command:local:Command", "command:remote:Command"];

export const noSecretsInCommands = defineRule({
  code: "no-secrets-in-commands",
  group: "secrets",
  title: "No command has a secret in its text or its environment.",
  risk: "Every process of the machine can read command lines, and every child process and crash report the environment; a plain one is in the state, too.",
  remedy: "Hand it over by stdin, as a secret, or have the command fetch it.",
  references: [mcsb("IM-8"), mcsb("DS-6"), cleanRoom("upload hands the key to its process by standard input")],
  settings: { allowed: texts("Names of environment variables that may be set though they are named like secrets.") },
  types: COMMANDS,
  judge: (resource, { report, unknown, settings: { allowed } }) => {
    for (const { path, value, secret, unknown: isUnknown } of resource.inputLeaves()) {
      const name = path.split(".")[1] ?? "";
      const isEnvironment = path.startsWith("environment.");
      const kind = path === "stdin" && secret ? undefined : secretIn(value);
      if (kind !== undefined) {
        report(`has ${kind} in ${path}`);
        return;
      }
      const looksEmpty = isUnknown || value === "" || value == null;
      if (isEnvironment && !looksEmpty && namesSecret(path) && !allowed.includes(name)) {
        report(`sets the environment variable ${name}, which is named like a secret`);
        return;
      }
    }
    const open = [...resource.inputLeaves()].find((leaf) => leaf.unknown && leaf.path !== "stdin");
    if (open !== undefined) {
      unknown(open.path);
    }
  },
});
