import { lstat } from "node:fs/promises";
import { ifThere } from "../util/absent.ts";

/** True when a path is there, whatever it is; links are not followed. */
export async function isThere(path: string): Promise<boolean> {
  return (await ifThere(lstat(path))) !== undefined;
}
