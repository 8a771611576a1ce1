import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import { ifThere, namesIn } from "../../util/absent.ts";
import { type ClaudeStatus, isStatusOf, parseClaudeStatus } from "./claude-status.ts";
import { isRunning, type ProcessIdentity } from "./process-identity.ts";
import { createStatusFile, type StatusFile } from "./status-file.ts";

/** A whole file has about 700 bytes. */
const MAX_FILE_BYTES = 64 * 1024;
/** Other files lie there too, such as `<pid>.<hash>.key`. */
const STATUS_FILE = /^\d+\.json$/;

/** Creates the reader of the status file at `path`. */
export function createClaudeStatusFile(path: string, clock: Clock): StatusFile<ClaudeStatus> {
  return createStatusFile({ path, clock, maxBytes: MAX_FILE_BYTES, parse: parseClaudeStatus });
}

/** The running process whose file in `dir` tells of this conversation and that began after `launchTime`. */
export async function findClaudeProcess(
  dir: string,
  { sessionId, launchTime }: { sessionId: string; launchTime: number },
): Promise<ProcessIdentity | undefined> {
  const names = await namesIn(dir);
  for (const name of names.filter((one) => STATUS_FILE.test(one))) {
    const text = await ifThere(readFile(join(dir, name), "utf8"));
    const reading = parseClaudeStatus(text ?? "");
    if (reading.kind !== "status" || reading.status.sessionId !== sessionId) continue;
    const { pid, procStart = "" } = reading.status;
    const found = { pid, startTicks: /^\d+$/.test(procStart) ? Number(procStart) : undefined };
    if (name === `${pid}.json` && isStatusOf(reading.status, { pid }, launchTime) && isRunning(found))
      return found;
  }
  return undefined;
}
