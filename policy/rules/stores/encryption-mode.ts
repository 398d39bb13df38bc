// Data at rest is encrypted with the owner's key, or better before it leaves.
import { choice, cisAzure, cleanRoom, defineRule, mcsb } from "../../framework";
import { DATASET_DOCUMENT, type DatasetInputs } from "../../resources/clean-room";

/** From the weakest: the store's key; the owner's key, handed to the store; the owner's key, which the store never sees. */
const MODES = ["SSE", "CPK", "CSE"] as const;

export const encryptionMode = defineRule({
  code: "encryption-mode",
  group: "stores",
  title: "A dataset's encryption mode is not weaker than what is configured.",
  risk: "With SSE, whoever runs the store, or gets into it, reads the data without any clean room.",
  remedy: "Set encryptionMode to CPK or CSE; of an S3Dataset, give it an encryptionKey.",
  references: [cisAzure("3.12"), mcsb("DP-5"), cleanRoom("store.encryptionMode: CSE, CPK or SSE")],
  settings: { minimum: choice("Weakest mode that may be used.", MODES, { default: "CPK" }) },
  types: [DATASET_DOCUMENT],
  judge: ({ inputs }, { report, settings: { minimum } }) => {
    const mode = (inputs as DatasetInputs).store?.encryptionMode;
    if (mode === undefined) {
      report("does not say its encryption mode");
    } else if (rank(mode) < rank(minimum)) {
      report(`has the encryption mode ${mode}, weaker than ${minimum}`);
    }
  },
});

const rank = (mode: string): number => (MODES as readonly string[]).indexOf(mode);
