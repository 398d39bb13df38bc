// The pack's own configuration is in order, and what it excepts is said in every run.
import { choice, cleanRoom, defineRule, inForce, integer, mcsb, PACK_CONFIGURATION, PRESETS } from "../../framework";
import { STACK } from "../../resources/clean-room";

export const packConfiguration = defineRule({
  code: PACK_CONFIGURATION,
  group: "pack",
  title: "The pack's configuration and exceptions are well-formed.",
  risk: "A setting with a typing error would be ignored, and a rule would let through what it was set to stop.",
  remedy: "Correct the configuration: docs/policies.md shows its form.",
  references: [mcsb("GS-2"), cleanRoom("rules that each collaborator sets for itself")],
  settings: {
    preset: choice("How much is asked for: see Presets.", PRESETS, { default: "default" }),
    maximumExceptionDays: integer("Days ahead that an exception may expire, at most.", 1, {
      default: 366,
      strict: 184,
    }),
  },
  types: [STACK],
  judge: (stack, { configuration, report, note }) => {
    if (configuration.problems.length > 0) {
      report(`cannot be judged as configured: ${configuration.problems.join("; ")}`);
    }
    for (const { rule, resource, reason, expires } of inForce(configuration)) {
      note(`${stack.label} excepts '${resource}' from ${rule} until ${expires}: ${reason}`);
    }
  },
});
