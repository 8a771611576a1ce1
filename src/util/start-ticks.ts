import { readFileSync } from "node:fs";

/**
 * Kernel start time of a process in clock ticks since boot: with the pid it names one process for ever.
 *
 * Undefined when there is no such process, or no /proc. Field 22 of /proc/PID/stat; field 2, the name, may hold spaces
 * and parentheses.
 */
export function startTicksOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[19]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
