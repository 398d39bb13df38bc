// command:local:Command: really runs what the program says, with the collaborator's own environment, as the real provider
// does on the collaborator's machine. The cloud keeps nothing of it.
import { randomBytes } from "node:crypto";
import { anything, type Cloud, type Current, list, type Model, text, typed } from "../protocol";
import type { Properties } from "../records";
import { run } from "./run";

interface CommandInputs {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly dir?: string;
  readonly stdin?: string;
  readonly interpreter?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly addPreviousOutputInEnv?: boolean;
  readonly logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none";
}

export const command: Model = {
  type: "command:local:Command",
  file: "sandbox/clouds/command/command.ts",
  inputs: {
    addPreviousOutputInEnv: typed,
    create: typed,
    delete: typed,
    dir: typed,
    environment: typed,
    interpreter: typed,
    logging: text("stdout", "stderr", "stdoutAndStderr", "none"),
    stdin: typed,
    triggers: list(anything),
    update: typed,
  },
  replaceOn: ["triggers"],
  computed: ["stderr", "stdout"],
  changing: ["stderr", "stdout"],
  contagious: true,
  concurrent: true,
  unrecorded: true,
  echo: (inputs) => inputs,
  create: async (cloud, inputs, name) => {
    const { create } = inputs as CommandInputs;
    const outputs = create === undefined ? nothing : await execute(cloud, create, inputs, {});
    return { id: `${name}${randomBytes(4).toString("hex")}`, outputs };
  },
  update: async (cloud, { outputs: before }, inputs) => {
    const { create, update = create } = inputs as CommandInputs;
    if (update !== undefined) return { outputs: await execute(cloud, update, inputs, before) };
    return { outputs: { stdout: before.stdout, stderr: before.stderr } };
  },
  delete: async (cloud, current) => {
    const { delete: last } = settings(current) as CommandInputs;
    if (last !== undefined) await execute(cloud, last, settings(current), current.outputs);
  },
};

const nothing = { stdout: "", stderr: "" };

/** The real provider keeps the inputs among its outputs, and deletes with those. */
const settings = ({ inputs, outputs }: Current): Properties => ({ ...inputs, ...outputs });

async function execute(cloud: Cloud, text: string, inputs: Properties, before: Properties): Promise<Properties> {
  const { interpreter, dir = cloud.project, stdin, environment } = inputs as CommandInputs;
  const { addPreviousOutputInEnv = true, logging } = inputs as CommandInputs;
  const previous = addPreviousOutputInEnv ? previousOutput(before) : {};
  return run({
    command: text,
    interpreter,
    dir,
    stdin,
    environment: { ...(await cloud.environment()), ...environment, ...previous },
    signal: cloud.signal,
    show: (stream, line) => {
      if (logging === undefined || logging === stream || logging === "stdoutAndStderr") cloud.log(line);
    },
  });
}

const previousOutput = ({ stdout, stderr }: Properties): Record<string, string> => ({
  ...(typeof stdout === "string" && stdout !== "" && { PULUMI_COMMAND_STDOUT: stdout }),
  ...(typeof stderr === "string" && stderr !== "" && { PULUMI_COMMAND_STDERR: stderr }),
});
