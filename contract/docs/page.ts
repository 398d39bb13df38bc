// docs/stores.md, made from the table of combinations.
import { code, table } from "../../cli/shared/markdown";
import type { AccessMode, EncryptionMode, StoreType } from "..";
import {
  COMBINATIONS,
  KEY_PLACES,
  keyParts,
  notInAnalytics,
  refusal,
  storeRights,
  STORES,
  type Combination,
  type KeyPlace,
} from "../combinations";
import { INTRODUCTION, STORE_NOTES } from "./introduction";

const STORE_NAMES: Readonly<Record<StoreType, string>> = {
  Azure_BlobStorage: "Azure Blob",
  Azure_BlobStorage_DataLakeGen2: "ADLS Gen2",
  Azure_OneLake: "OneLake",
  Aws_S3: "S3",
};
const KEY_NAMES: Readonly<Record<KeyPlace, string>> = {
  keyVault: "Key Vault Premium",
  managedHsm: "Managed HSM",
  governance: "governance secret",
  none: "no key",
};

/** Both accesses of one store, mode and place of the key. */
interface Row {
  readonly store: StoreType;
  readonly mode: EncryptionMode;
  readonly key: KeyPlace;
  readonly by: Readonly<Record<AccessMode, Combination>>;
}

const ROWS: readonly Row[] = COMBINATIONS.filter(({ access }) => access === "read").map((read) => ({
  ...read,
  by: { read, write: { ...read, access: "write" } },
}));

export function storesPage(): string {
  return `${[INTRODUCTION, allowed(), keys(), rights(), STORE_NOTES, refused()].join("\n\n")}\n`;
}

function allowed(): string {
  const rows = ROWS.filter(({ by }) => Object.values(by).some((each) => refusal(each) === undefined)).map(
    ({ store, mode, key, by }) => [
      STORE_NAMES[store],
      mode,
      KEY_NAMES[key],
      shown(by.read),
      shown(by.write),
      notInAnalytics(by.read) ?? "yes",
    ],
  );
  const count = COMBINATIONS.filter((each) => refusal(each) === undefined).length;
  const head = ["store", "mode", "key in", "read", "write", "analytics workload of release 8.0.0"];
  return `## What goes together\n\n${count} of ${COMBINATIONS.length} combinations. Each is published and read by the sandbox's reader in the tests.\n\n${table(head, rows)}`;
}

const shown = (each: Combination): string => (refusal(each) === undefined ? "yes" : "no");

function keys(): string {
  const rows = KEY_PLACES.map((key) => [KEY_NAMES[key], keyParts({ key })]);
  return `## Which key, which secret\n\n${table(["key in", "what the dataset names"], rows)}`;
}

function rights(): string {
  const rows = STORES.map((store) => {
    const row = ROWS.find((each) => each.store === store);
    return [
      STORE_NAMES[store],
      code(store),
      ...(row === undefined ? [] : [storeRights(row.by.read), storeRights(row.by.write)]),
    ];
  });
  return `## Which rights at the store\n\n${table(["store", "type", "to read", "to write"], rows)}`;
}

function refused(): string {
  const rows = ROWS.flatMap(({ store, mode, key, by }) => {
    const why = refusal(by.read);
    return why === undefined ? [] : [[STORE_NAMES[store], mode, KEY_NAMES[key], why.reason, why.remedy]];
  });
  return `## What is refused in preview\n\n${table(["store", "mode", "key in", "because", "instead"], rows)}`;
}
