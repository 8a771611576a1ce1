import { statSync } from "node:fs";

/** What changes with whatever is written to a file, or put in its place; empty while there is none. */
export function fileMark(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino} ${found.birthtimeNs} ${found.mtimeNs} ${found.size}` : "";
}
