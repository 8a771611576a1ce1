import { lstat } from "node:fs/promises";

/** True when a path is there, whatever it is; links are not followed. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}
