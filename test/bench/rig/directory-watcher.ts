import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

/** The floor of the spool: a bare Node process with one `fs.watch`. */
export interface DirectoryWatcher extends Disposable {
  /** Renames the next file into the directory. */
  drop(): void;
  /** Ends it; the ms from each rename to its being seen. */
  finish(): Promise<number[]>;
}

/** Starts the process on an empty directory; resolves when it watches. */
export async function startDirectoryWatcher(dir: string): Promise<DirectoryWatcher> {
  const program = join(import.meta.dirname, "watch-directory.ts");
  const child = spawn(process.execPath, [program, dir], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const dropped = new Map<string, bigint>();
  return {
    drop() {
      const name = String(dropped.size);
      writeFileSync(join(dir, `.${name}`), "{}");
      dropped.set(name, process.hrtime.bigint());
      renameSync(join(dir, `.${name}`), join(dir, name));
    },
    async finish() {
      child.stdin.end();
      const { value = "[]" } = await lines.next();
      const seen = JSON.parse(value) as [string, string][];
      return seen.map(([name, ns]) => Number(BigInt(ns) - (dropped.get(name) ?? 0n)) / 1e6);
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
