import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import { isAlive } from "../util/is-alive.ts";
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
