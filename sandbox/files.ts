// Small files of the sandbox's folder, replaced as a whole: a reader sees the old content or the new one, never half.
import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";

/** Writes for the owner alone, and is on the disk when it resolves. */
export function replaceFile(path: string, content: string): Promise<void> {
  return viaDraft(path, content, (draft) => rename(draft, path));
}

/** Writes a file that is not there yet; one that is there stays as it is. */
export function createFile(path: string, content: string): Promise<void> {
  return viaDraft(path, content, async (draft) => {
    try {
      await link(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    await rm(draft);
  });
}

async function viaDraft(path: string, content: string, place: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    try {
      await handle.writeFile(content);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await place(draft);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** @returns undefined where there is no such file */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
