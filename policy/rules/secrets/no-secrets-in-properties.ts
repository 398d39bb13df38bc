// What is secret is marked as such, so that neither states nor previews show it.
import { cleanRoom, defineRule, mcsb, texts } from "../../framework";
import { secretIn } from "./patterns";

const COMMANDS = /^command:(local|remote):/;

export const noSecretsInProperties = defineRule({
  code: "no-secrets-in-properties",
  group: "secrets",
  title: "No plain property holds a key, token or connection string.",
  risk: "It is stored in the state and shown in previews and logs, to everybody who reviews them.",
  remedy: "Mark it as a secret (pulumi.secret, config.requireSecret), or have it read where it is used.",
  references: [mcsb("IM-8"), cleanRoom("connection secrets go to governance, encrypted")],
  settings: { ignored: texts("Paths of properties that are not judged, such as tags.note.") },
  judge: (resource, { report, unknown, settings: { ignored } }) => {
    if (COMMANDS.test(resource.type)) {
      return;
    }
    for (const { path, value, secret } of resource.inputLeaves()) {
      const kind = secret || ignored.includes(path) ? undefined : secretIn(value);
      if (kind !== undefined) {
        report(`holds ${kind} in its plain property ${path}`);
        return;
      }
    }
    const open = [...resource.inputLeaves()].find((leaf) => leaf.unknown && !leaf.secret);
    if (open !== undefined) {
      unknown(open.path);
    }
  },
});
