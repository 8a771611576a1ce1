import { setTimeout as sleep } from "node:timers/promises";
import { AoError, type ErrorReason } from "../core/errors.ts";
import type { SessionCalls } from "./sessions.ts";
import type { WatchUpdate } from "./watch-update.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** A watch message, or word that the watch starts over: forget every session, a snapshot follows. */
export type ResumedWatchUpdate = WatchUpdate | { type: "reset"; reason: ErrorReason };

/** What to watch. */
export interface WatchOptions {
  /** Resume after this revision; absent asks for a snapshot first. */
  afterRevision?: number;
  /** Epoch of that revision, so that one of another history is found out. */
  afterEpoch?: string;
  /** Only sessions of this project. */
  projectId?: string;
  /** Called each time the daemon is lost, before the watch tries again. */
  onDisconnect?: (error: AoError) => void;
}

/** The daemon or the way to it is gone, which ends by itself. */
const PASSING: ReadonlySet<ErrorReason> = new Set(["DAEMON_UNREACHABLE", "DAEMON_STOPPING"]);
/** The revision to resume from is no longer, or not yet, in the change log. */
const STARTS_OVER: ReadonlySet<ErrorReason> = new Set(["REVISION_COMPACTED", "REVISION_IN_FUTURE"]);

/**
 * Watches sessions across daemon restarts: every change exactly once, in order.
 *
 * Fails when the daemon cannot be reached at first; once it was, tries again every 50 ms to 1 s until `signal` aborts,
 * which throws its reason. When the daemon no longer has the revision to resume from, or went away in the middle of a
 * snapshot, says `reset` and starts over with a snapshot.
 */
export async function* watchSessions(
  sessions: Pick<SessionCalls, "watch">,
  { afterRevision, afterEpoch, projectId, onDisconnect }: WatchOptions,
  signal?: AbortSignal,
): AsyncGenerator<ResumedWatchUpdate, void, undefined> {
  let from = { afterRevision, afterEpoch };
  let connected = false;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    let reason: ErrorReason = "DAEMON_STOPPING";
    try {
      for await (const update of sessions.watch({ ...from, projectId }, signal)) {
        connected = true;
        pauseMs = FIRST_PAUSE_MS;
        // A snapshot can be resumed from its end only.
        if (update.type !== "snapshot") from = { afterRevision: update.revision, afterEpoch: update.epoch };
        yield update;
      }
      signal?.throwIfAborted();
    } catch (error) {
      signal?.throwIfAborted();
      const failure = recoverable(error, connected);
      reason = failure.reason;
      if (STARTS_OVER.has(reason)) from = { afterRevision: undefined, afterEpoch: undefined };
      else onDisconnect?.(failure);
    }
    if (from.afterRevision === undefined) yield { type: "reset", reason };
    if (!STARTS_OVER.has(reason)) {
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}

function recoverable(error: unknown, connected: boolean): AoError {
  if (!(error instanceof AoError)) throw error;
  if (STARTS_OVER.has(error.reason) || (connected && PASSING.has(error.reason))) return error;
  throw error;
}

/** Throws the signal's own reason, not the timer's word for it. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } finally {
    signal?.throwIfAborted();
  }
}
