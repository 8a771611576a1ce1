import { existsSync, readFileSync } from "node:fs";

/** One process for ever: its pid and, where the system tells, its kernel start time in clock ticks since boot. */
export interface ProcessIdentity {
  pid: number;
  startTicks?: number;
}

/**
 * True when exactly this process runs.
 *
 * Without a known start time, or on a system without /proc, a live pid is all that can be asked for. A zombie has
 * ended.
 */
export function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  if (!existsSync("/proc/self/stat")) return isLivePid(pid);
  const stat = readStat(pid);
  if (!stat || stat.state === "Z" || stat.state === "X") return false;
  return startTicks === undefined || stat.startTicks === startTicks;
}

/** State and start time, fields 3 and 22; field 2, the name, may hold spaces and parentheses. */
function readStat(pid: number): { state: string; startTicks: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTicks: Number(fields[19]) };
}

function isLivePid(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (isGone(error)) return false;
    // Another user's process lives.
    if ((error as NodeJS.ErrnoException).code === "EPERM") return true;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ESRCH";
}
