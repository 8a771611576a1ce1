/**
 * `node watch-directory.ts DIR`: a bare Node process that waits for files to appear in DIR.
 *
 * Prints "ready", then, when its stdin ends, one line of JSON: `[[name, ns], …]`, ns of the monotonic clock all
 * processes of a host share.
 */
import { watch } from "node:fs";

const seen = new Map<string, string>();
const watcher = watch(process.argv[2] as string, (_type, name) => {
  if (name && !name.startsWith(".") && !seen.has(name)) seen.set(name, String(process.hrtime.bigint()));
});
process.stdout.write("ready\n");
process.stdin.resume().once("end", () => {
  watcher.close();
  process.stdout.write(`${JSON.stringify([...seen])}\n`);
});
