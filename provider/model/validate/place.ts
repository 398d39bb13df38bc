// Where a dataset is: an address and a folder that the clean room would take for another, or for none, are refused.
import type { DatasetStore } from "../../../contract";
import { isKnown } from "../unknown";
import { isNothing, shown, type Problems, type Unchecked } from "./parts";

export function placeProblems(store: Unchecked<DatasetStore>): Problems {
  const { storageAccountUrl: url, storageAccountType: type, subdirectory } = store;
  return [
    ...(isKnown(url) && !isHttps(url) ? [`store.storageAccountUrl is '${shown(url)}': it must be an https URL.`] : []),
    ...(type === "Azure_OneLake"
      ? oneLakeProblems(url, subdirectory)
      : folderProblems("store.subdirectory", subdirectory)),
  ];
}

/**
 * The clean room prefixes it as it is: a '/' at its ends, an empty step or one of dots would name a folder that no blob
 * and no object is in.
 */
function folderProblems(place: string, folder: unknown): Problems {
  if (isNothing(folder) || folder === "" || !isKnown(folder)) {
    return [];
  }
  const remedy = "name folders with '/' between them, such as 'sales/2026', or leave it out for the whole container.";
  if (typeof folder !== "string") {
    return [`${place} is '${shown(folder)}': ${remedy}`];
  }
  const steps = folder.split("/");
  if (steps.some((step) => step === "" || step === "." || step === "..")) {
    return [
      `${place} is '${shown(folder)}', with a '/' at an end, or an empty step, '.' or '..' in it: the clean room would look in another folder. Remove it; ${remedy}`,
    ];
  }
  const strange = /[\\?#%\p{Cc}]/u.exec(folder);
  if (strange !== null || folder !== folder.trim()) {
    return [
      `${place} is '${shown(folder)}', with ${strange === null ? "a blank at an end" : `'${shown(strange[0])}' in it`}: mounts and clients would not agree on the name. Rename the folder; ${remedy}`,
    ];
  }
  return [];
}

/** `https://onelake.dfs.fabric.microsoft.com/<workspace>/<item>/<folder>…`; the sandbox has another host. */
function oneLakeProblems(url: unknown, subdirectory: unknown): Problems {
  if (!isNothing(subdirectory) && subdirectory !== "" && isKnown(subdirectory)) {
    return [
      `store.subdirectory is '${shown(subdirectory)}': on OneLake the clean room takes it for the whole path below the workspace. Put item and folder into store.storageAccountUrl, and leave it out.`,
    ];
  }
  if (!isKnown(url) || !isHttps(url)) {
    return [];
  }
  const example = "https://onelake.dfs.fabric.microsoft.com/<workspace>/<item>.Lakehouse/Files/<folder>";
  const { pathname } = new URL(url);
  if (pathname.includes("%")) {
    return [
      `store.storageAccountUrl is '${shown(url)}', with an escaped character in its path, which the clean room takes as it is written. Name workspace and item by their ids, and folders without blanks and special characters.`,
    ];
  }
  const [workspace, item, managed, ...folders] = stepsOf(pathname);
  if (workspace === undefined || item === undefined || managed === undefined) {
    return [
      `store.storageAccountUrl is '${shown(url)}': on OneLake it names workspace, item and folder, as in ${example}.`,
    ];
  }
  const path = [managed, ...folders].join("/");
  if (GUID.test(workspace) !== GUID.test(item)) {
    return [
      `store.storageAccountUrl is '${shown(url)}': OneLake takes workspace and item both as names, or both as ids. Name both in one way.`,
    ];
  }
  if (!GUID.test(item) && !/^[^.]+(\.[^.]+)*\.[A-Za-z]+$/.test(item)) {
    return [`store.storageAccountUrl names the item '${shown(item)}' without its type: write it as in ${example}.`];
  }
  return folderProblems("the folder in store.storageAccountUrl", path);
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Without the leading '/': an empty last step is a '/' at the end. */
function stepsOf(pathname: string): readonly string[] {
  return pathname === "/" ? [] : pathname.slice(1).split("/");
}

function isHttps(url: unknown): url is string {
  return typeof url === "string" && /^https:\/\//.test(url) && URL.canParse(url);
}
