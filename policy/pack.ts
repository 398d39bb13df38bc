// The policy pack: every rule, mandatory unless its configuration says otherwise.
import { Pack } from "./framework";
import { serve } from "./framework/serve";
import { version } from "./package.json";
import { rules } from "./rules";

const { PULUMI_STACK = "", PULUMI_CONFIG = "{}", PULUMI_DRY_RUN = "" } = process.env;

// Older engines say which stack it is by the environment alone, newer ones say it again (ConfigureStack).
const run = {
  stack: PULUMI_STACK,
  preview: PULUMI_DRY_RUN === "true",
  config: JSON.parse(PULUMI_CONFIG) as Record<string, string>,
};

serve(new Pack(rules, run), {
  name: "cleanroom",
  version,
  description: "What a clean room's collaborators may never deploy",
});
