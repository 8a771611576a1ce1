import { mkdtempSync, rmSync } from "node:fs";
import { MARK_VARIABLE, TEMP_PREFIX } from "../leftovers.ts";

/** A short private directory: its sockets stay under the 107 bytes a Unix socket path may have. */
export function tempDir(): { path: string; [Symbol.dispose](): void } {
  const path = makeTempDir();
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Makes the directory of `tempDir` for one who removes it himself. */
export function makeTempDir(): string {
  const mark = process.env[MARK_VARIABLE];
  return mkdtempSync(mark ? `${TEMP_PREFIX}${mark}-` : TEMP_PREFIX);
}
