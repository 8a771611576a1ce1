import { join } from "node:path";
import { createJsonChild } from "./json-child.ts";

/** The floor of the spool: a bare Node process with one `fs.watch`. */
export interface DirectoryWatcher extends Disposable {
  /** Ends it; the ns of the monotonic clock at which each file was seen, by name. */
  finish(): Promise<Map<string, bigint>>;
}

/** Starts the process on an empty directory; resolves when it watches. */
export async function startDirectoryWatcher(dir: string): Promise<DirectoryWatcher> {
  const child = createJsonChild(join(import.meta.dirname, "watch-directory.ts"), [dir]);
  await child.line();
  return {
    async finish() {
      child.end("");
      const seen = JSON.parse(await child.line()) as [string, string][];
      return new Map(seen.map(([name, ns]) => [name, BigInt(ns)]));
    },
    [Symbol.dispose]: () => child.kill(),
  };
}
