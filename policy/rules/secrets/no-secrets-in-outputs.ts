// A stack's outputs are for others to read: nothing secret is among them in the clear.
import { cleanRoom, defineRule, mcsb } from "../../framework";
import { STACK } from "../../resources/clean-room";
import { namesSecret, secretIn } from "./patterns";

export const noSecretsInOutputs = defineRule({
  code: "no-secrets-in-outputs",
  group: "secrets",
  title: "No plain output holds a key, token or connection string.",
  risk: "Outputs are printed at the end of every run, and read by whoever may read the stack.",
  remedy: "Do not export it, or export it as a secret.",
  references: [mcsb("IM-8"), cleanRoom("what passes between collaborators passes through governance")],
  judgeStack: ({ resources, each, report, unknown }) => {
    const outputs = resources.filter(({ type }) => type === STACK || !type.startsWith("pulumi:"));
    each(
      outputs,
      (resource) => {
        const asked = new Set([...resource.inputLeaves()].map(({ path }) => path));
        for (const { path, value, secret } of resource.outputLeaves()) {
          // What was asked for is judged where it was asked for.
          const isOwn = resource.type === STACK || !asked.has(path);
          const named = resource.type === STACK && namesSecret(path) && typeof value === "string" && value.length >= 8;
          const kind = secret || !isOwn ? undefined : (secretIn(value) ?? (named ? "what its name says" : undefined));
          if (kind !== undefined) {
            report(`holds ${kind} in its plain output ${path}`, { of: resource });
            return;
          }
        }
        const open = [...resource.outputLeaves()].find((leaf) => leaf.unknown && !leaf.secret && !asked.has(leaf.path));
        if (open !== undefined) {
          unknown(open.path, resource);
        }
      },
      (resource) => resource,
    );
  },
});
