import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import type { Paths } from "../util/paths.ts";
import { connectRunning } from "./ensure-daemon.ts";

const DEADLINE_MS = 5_000;
const POLL_MS = 20;

/** Stops the daemon and returns its pid when its process has ended; undefined when none ran. */
export async function stopDaemon(paths: Paths): Promise<number | undefined> {
  const pid = await requestStop(paths);
  if (pid !== undefined && !(await hasEnded(pid)))
    throw new AoError("DAEMON_STOP_FAILED", { pid, seconds: DEADLINE_MS / 1000, log: paths.daemonLogPath });
  return pid;
}

/** Ends a daemon that was started and may not answer yet: TERM, then KILL. Does nothing when it has ended. */
export async function endDaemon(pid: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await hasEnded(pid)) return;
  }
}

/** Whether a process ends in time. */
async function hasEnded(pid: number): Promise<boolean> {
  const deadline = performance.now() + DEADLINE_MS;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

async function requestStop(paths: Paths): Promise<number | undefined> {
  try {
    const client = await connectRunning(paths);
    try {
      const { pid } = await client.daemon.get();
      await client.daemon.stop();
      return pid;
    } finally {
      client.close();
    }
  } catch (error) {
    if (error instanceof AoError && error.reason === "DAEMON_UNREACHABLE") return undefined;
    throw error;
  }
}

/** Whether a process runs; one that has ended and waits for its parent (in containers for seconds) does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** By /proc, which other systems do not have: there a zombie counts as running until it is reaped. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return false;
    throw error;
  }
}
