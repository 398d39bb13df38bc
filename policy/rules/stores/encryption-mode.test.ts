import { DATASET_DOCUMENT } from "../../resources/clean-room";
import { testRule, UNKNOWN } from "../../../test/helpers/rule-cases";
import { encryptionMode } from "./encryption-mode";

const document = (store: object): { type: string; inputs: object } => ({ type: DATASET_DOCUMENT, inputs: { store } });

testRule(encryptionMode, {
  violations: [
    {
      what: "the store's own encryption",
      given: document({ encryptionMode: "SSE" }),
      says: "Dataset document 'sales' has the encryption mode SSE, weaker than CPK",
    },
    {
      what: "a weaker mode than configured",
      given: document({ encryptionMode: "CPK" }),
      settings: { minimum: "CSE" },
      says: "Dataset document 'sales' has the encryption mode CPK, weaker than CSE",
    },
  ],
  complies: [
    { what: "the owner's key", given: document({ encryptionMode: "CPK" }) },
    { what: "a stronger mode", given: document({ encryptionMode: "CSE" }) },
  ],
  unknown: {
    what: "a mode",
    given: document({ encryptionMode: UNKNOWN }),
    path: "store.encryptionMode of Dataset document 'sales'",
  },
  missing: {
    what: "a dataset without a mode",
    given: document({}),
    says: "Dataset document 'sales' does not say its encryption mode",
  },
});
