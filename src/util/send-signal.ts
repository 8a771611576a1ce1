/**
 * Sends a signal to a process, or with a negative pid to a group; false when there is none any more. Throws for one that
 * belongs to another user.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
