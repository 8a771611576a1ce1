import { lstatSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../util/log.ts";
import { isRunning } from "./witness/process-identity.ts";

/** `.LAUNCH.PID`: what `ao-run` writes before it renames it. */
const TEMPORARY = /^\.[a-z0-9][a-z0-9-]*\.(?<pid>\d+)$/;
/** A record is written and renamed within ms; three tries take 3 s. */
const ABANDONED_MS = 10 * 60_000;

/** Deletes records that their writer was killed in the middle of, ten minutes old or older; returns how many. */
export function sweepLeftovers(deps: { dir: string; now: () => number; log: Log }): number {
  try {
    const left = readdirSync(deps.dir).filter((name) => isAbandoned(deps, name));
    for (const name of left) unlinkSync(join(deps.dir, name));
    if (left.length > 0) deps.log.warn({ files: left.slice(0, 20) }, "swept half-written records");
    return left.length;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // The watch on the spool tells of a directory that cannot be used.
    if (code !== "ENOENT") deps.log.warn({ code }, "half-written records could not be swept");
    return 0;
  }
}

function isAbandoned({ dir, now }: { dir: string; now: () => number }, name: string): boolean {
  const pid = TEMPORARY.exec(name)?.groups?.pid;
  if (pid === undefined) return false;
  const stat = lstatSync(join(dir, name), { throwIfNoEntry: false });
  if (!stat?.isFile()) return false;
  return Math.abs(now() - stat.mtimeMs) >= ABANDONED_MS && !isRunning({ pid: Number(pid) });
}
