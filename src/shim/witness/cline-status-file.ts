import { join } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import { namesIn } from "../../util/absent.ts";
import { type ClineStatus, parseClineStatus } from "./cline-status.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { createStatusFile, type StatusFile } from "./status-file.ts";

/** A whole file has about 1 kB; it grows by some 130 bytes a turn with its list of checkpoints. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A session's name begins with the epoch ms of its birth: only the youngest are looked at. */
const MAX_SESSIONS = 100;
const SESSION = /^[\w-]+$/;

/** The file of a session of the data directory; undefined for a name that is no plain one. */
export function clineStatusPath(dataDir: string, sessionId: string): string | undefined {
  return SESSION.test(sessionId) ? join(dataDir, "sessions", sessionId, `${sessionId}.json`) : undefined;
}

/** Creates the reader of the status file at `path`. */
export function createClineStatusFile(path: string, clock: Clock): StatusFile<ClineStatus> {
  return createStatusFile({ path, clock, maxBytes: MAX_FILE_BYTES, parse: parseClineStatus });
}

/** The session a process wrote of last, and not before `since`; undefined when none of the youngest is its own. */
export async function findClineSession(
  { dataDir, clock }: { dataDir: string; clock: Clock },
  { pid }: ProcessIdentity,
  since: number,
): Promise<string | undefined> {
  const names = (await namesIn(join(dataDir, "sessions"))).sort().slice(-MAX_SESSIONS);
  let last: ClineStatus | undefined;
  for (const name of names) {
    const path = clineStatusPath(dataDir, name);
    if (path === undefined) continue;
    const reading = await createClineStatusFile(path, clock).read({ always: true });
    if (reading.kind !== "status") continue;
    const { status } = reading;
    if (status.sessionId === name && status.pid === pid && status.at >= Math.max(since, last?.at ?? 0))
      last = status;
  }
  return last?.sessionId;
}
