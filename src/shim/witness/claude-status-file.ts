import { statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import { type ClaudeReading, isStatusOf, parseClaudeStatus } from "./claude-status.ts";
import { isAbsent } from "./path-watch.ts";
import { isRunning, type ProcessIdentity } from "./process-identity.ts";

/** A whole file has about 700 bytes. */
const MAX_FILE_BYTES = 64 * 1024;
/** Two rewrites within a tick of the file system's clock share one mtime: a file this fresh is read again. */
const FRESH_MS = 1_000;
/** Other files lie there too, such as `<pid>.<hash>.key`. */
const STATUS_FILE = /^\d+\.json$/;

/** Reads one status file again and again. */
export interface ClaudeStatusFile {
  /** `unchanged` without opening it when it is as it was read last; `always` reads it all the same. */
  read(options: { always: boolean }): Promise<ClaudeReading | { kind: "absent" | "unchanged" }>;
}

/** Creates the reader of the status file at `path`. Reading throws on errors of the file system. */
export function createClaudeStatusFile(path: string, clock: Clock): ClaudeStatusFile {
  let seen: { mark: string; fresh: boolean } | undefined;
  return {
    async read({ always }) {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!found) return { kind: "absent" };
      if (!found.isFile() || found.size > MAX_FILE_BYTES) return { kind: "nothing" };
      const mark = `${found.ino} ${found.mtimeNs} ${found.size}`;
      if (!always && seen?.mark === mark && !seen.fresh) return { kind: "unchanged" };
      const text = await orAbsent(readFile(path, "utf8"));
      if (text === undefined) return { kind: "absent" };
      const reading = parseClaudeStatus(text);
      const fresh = reading.kind === "torn" || clock.now() - Number(found.mtimeMs) < FRESH_MS;
      seen = { mark, fresh };
      return reading;
    },
  };
}

/** The running process whose file in `dir` tells of this conversation and that began after `launchTime`. */
export async function findClaudeProcess(
  dir: string,
  { sessionId, launchTime }: { sessionId: string; launchTime: number },
): Promise<ProcessIdentity | undefined> {
  const names = (await orAbsent(readdir(dir))) ?? [];
  for (const name of names.filter((one) => STATUS_FILE.test(one))) {
    const text = await orAbsent(readFile(join(dir, name), "utf8"));
    const reading = parseClaudeStatus(text ?? "");
    if (reading.kind !== "status" || reading.status.sessionId !== sessionId) continue;
    const { pid, procStart = "" } = reading.status;
    const found = { pid, startTicks: /^\d+$/.test(procStart) ? Number(procStart) : undefined };
    if (name === `${pid}.json` && isStatusOf(reading.status, { pid }, launchTime) && isRunning(found))
      return found;
  }
  return undefined;
}

async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
