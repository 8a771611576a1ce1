import { readFileSync } from "node:fs";

/**
 * Whether a process runs. One that has ended and waits for its parent does not (in containers that takes seconds);
 * without /proc it counts as running until then. A process of another user is alive.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}

function isZombie(pid: number): boolean {
  try {
    // The name, which may hold anything, ends with the last parenthesis.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return false;
    throw error;
  }
}
