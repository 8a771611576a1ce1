import { readlinkSync, watch } from "node:fs";

/**
 * Calls `hear` when the process's terminal is written to by a program (Linux: inotify on the pts, seen); what a person
 * types is not heard. Undefined where that cannot be known: no /proc, no terminal, no watch left.
 */
export function hearTerminal(pid: number, hear: () => void): (() => void) | undefined {
  try {
    const terminal = readlinkSync(`/proc/${pid}/fd/1`);
    if (!/^\/dev\/pts\/\d+$/.test(terminal)) return undefined;
    const watcher = watch(terminal, { persistent: false }, hear);
    // The terminal went away: there is nothing more to hear.
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
