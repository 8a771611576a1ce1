import { setTimeout as sleep } from "node:timers/promises";
import { AoError, type ErrorReason } from "../core/errors.ts";
import { isAlive } from "../util/is-alive.ts";
import { readLockHolder } from "../util/lock-holder.ts";
import type { Paths } from "../util/paths.ts";
import { sendSignal } from "../util/send-signal.ts";
import { connectRunning } from "./ensure-daemon.ts";

const DEADLINE_MS = 5_000;
const POLL_MS = 20;

/** Failures after which a daemon may run all the same: it is stuck, its socket is gone, or the token is another one. */
const UNHEARD: ReadonlySet<ErrorReason> = new Set([
  "DAEMON_UNREACHABLE",
  "DAEMON_STOPPING",
  "CALL_TIMED_OUT",
  "UNAUTHENTICATED",
]);

/**
 * Stops the daemon and returns its pid when its process has ended; undefined when none ran.
 *
 * One that does not take the call is found by its lock and ended by signals, and so is the shim that one which was killed has left.
 */
export async function stopDaemon(paths: Paths): Promise<number | undefined> {
  const pid = (await requestStop(paths)) ?? (await endUnheard(paths));
  if (pid !== undefined && !(await hasEnded(pid)))
    throw new AoError("DAEMON_STOP_FAILED", { pid, seconds: DEADLINE_MS / 1000, log: paths.daemonLogPath });
  return pid;
}

async function endUnheard(paths: Paths): Promise<number | undefined> {
  const [pid, shim] = await Promise.all([
    readLockHolder(paths.daemonLockPath),
    readLockHolder(paths.shimLockPath),
  ]);
  if (pid !== undefined) await endDaemon(pid);
  // The shim of a daemon that was killed lives on to carry signals to the next one.
  if (shim !== undefined) await endDaemon(shim);
  return pid;
}

/** Ends a daemon that was started and may not answer yet: TERM, then KILL. Does nothing when it has ended. */
export async function endDaemon(pid: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!sendSignal(pid, signal) || (await hasEnded(pid))) return;
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
    if (error instanceof AoError && UNHEARD.has(error.reason)) return undefined;
    throw error;
  }
}
