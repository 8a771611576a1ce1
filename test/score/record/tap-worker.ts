import { linkSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

/** Links every file of a spool into a directory as soon as it is there: the shim deletes it within milliseconds. */
const { spoolDir, keepDir } = workerData as { spoolDir: string; keepDir: string };
const known = new Set<string>();

function keep(name: string): void {
  if (name.startsWith(".") || known.has(name)) return;
  try {
    linkSync(join(spoolDir, name), join(keepDir, name));
    known.add(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOENT") throw error;
  }
}

const watcher = watch(spoolDir, (_, name) => name && keep(name));
const timer = setInterval(() => readdirSync(spoolDir).forEach(keep), 2);
parentPort?.once("message", () => {
  clearInterval(timer);
  watcher.close();
});
parentPort?.postMessage("listening");
