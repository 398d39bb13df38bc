// What the stack's configuration says is done: a dynamic resource, a resource of the plugin beside, or one of several ways to end badly.
import { appendFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const provider: pulumi.dynamic.ResourceProvider = {
  check(_olds: unknown, inputs: { value: string; seconds?: number }) {
    const failures = inputs.value === "refused" ? [{ property: "value", reason: "is refused" }] : [];
    return Promise.resolve({ inputs, failures });
  },
  async create(inputs: { value: string; seconds?: number }) {
    await new Promise((resolve) => setTimeout(resolve, (inputs.seconds ?? 0) * 1000));
    return { id: "one", outs: inputs };
  },
  update(_id: string, _olds: unknown, inputs: { value: string }) {
    return Promise.resolve({ outs: inputs });
  },
};

class Noted extends pulumi.dynamic.Resource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string, args: { value: pulumi.Input<string>; seconds?: number }) {
    super(provider, name, args);
  }
}

class Filed extends pulumi.CustomResource {
  constructor(name: string, args: { text: string }, options?: pulumi.CustomResourceOptions) {
    super("filed:index:Filed", name, args, options);
  }
}

const ends: Record<string, () => void | Promise<void>> = {
  throws: () => {
    throw new Error("asked to throw");
  },
  exits: () => process.exit(3),
  hangs: async () => {
    appendFileSync(config.require("pidFile"), String(process.pid));
    await pause(60_000);
  },
};

async function program(): Promise<Record<string, pulumi.Output<string>>> {
  console.log(`the program runs for ${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`);
  await ends[config.get("end") ?? ""]?.();
  const noted = new Noted("noted", { value: config.require("value"), seconds: config.getNumber("seconds") });
  if (config.get("filed")) {
    new Filed("filed", { text: config.require("filed") }, { import: config.get("importId") });
  }
  return { value: noted.value, secret: config.getSecret("secret") ?? pulumi.output("none") };
}

export = program;
