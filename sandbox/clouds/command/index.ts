// The provider package command, as far as the sandbox models it.
import type { ProviderPackage } from "../protocol";
import { command } from "./command";
import { wording } from "./wording";

export const commands: ProviderPackage = {
  name: "command",
  version: "1.2.1",
  models: [command],
  functions: [],
  explain: ({ message }) => message,
  wording,
  naming: { keeps: () => false, notes: () => ({}), deletesFirst: () => false },
};
