import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A short private directory: its sockets stay under the 107 bytes a Unix socket path may have. */
export function tempDir(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join("/tmp", "ao-t-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
