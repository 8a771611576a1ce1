import { constants } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AoError } from "../core/errors.ts";
import { LAUNCHER_FILE } from "../core/launch-manifest.ts";
import type { StartRequest } from "../core/ports/runtime.ts";
import { ifThere } from "../util/absent.ts";

/** A launcher as `ao-run.pid` in its launch's directory names it; no start ticks on systems without /proc. */
export interface LauncherRecord {
  pid: number;
  startTicks?: number;
}

const START_DEADLINE_MS = 15_000;
const START_POLL_MS = 5;

/** Path of the file in which `ao-run` names itself. */
export function launcherFile(launchDir: string): string {
  return join(launchDir, LAUNCHER_FILE);
}

/** Reads who the launcher is; undefined before it has run. */
export async function readLauncher(launchDir: string): Promise<LauncherRecord | undefined> {
  const text = await ifThere(readFile(launcherFile(launchDir), "utf8"));
  const found = /^(?<pid>\d+) (?<ticks>\d*)\n/.exec(text ?? "")?.groups;
  if (!found) return undefined;
  return { pid: Number(found.pid), startTicks: found.ticks ? Number(found.ticks) : undefined };
}

/** Waits until `ao-run` has named itself; undefined when 15 s were not enough or `failed` says so earlier. */
export async function awaitLauncher(
  launchDir: string,
  failed: () => boolean,
): Promise<LauncherRecord | undefined> {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const over = failed() || performance.now() > deadline;
    const launcher = await readLauncher(launchDir);
    if (launcher || over) return launcher;
    await sleep(START_POLL_MS);
  }
}

/** Throws SPAWN_FAILED when `ao-run` cannot be executed, and forgets the launcher of an earlier start. */
export async function prepareLauncher(aoRun: string, request: StartRequest): Promise<void> {
  try {
    await access(aoRun, constants.X_OK);
    await access(request.cwd, constants.X_OK);
  } catch (error) {
    throw startFailed(request, (error as Error).message, error);
  }
  await rm(launcherFile(request.launchDir), { force: true });
}

/** The error of a start that did not come about. */
export function startFailed(request: StartRequest, problem: string, cause?: unknown): AoError {
  return new AoError("SPAWN_FAILED", { session: request.sessionId, problem }, cause);
}
