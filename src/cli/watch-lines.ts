import { type ResumedWatchUpdate, type WatchOptions, watchSessions } from "../client/watch.ts";
import type { AoClient } from "./client-types.ts";
import { isoTime } from "./render/json-values.ts";
import { sessionJson } from "./render/session-json.ts";
import { statusCell, waitingText } from "./render/session-table.ts";

/** What to watch, and where the lines go. */
export interface WatchLinesOptions {
  client: AoClient;
  afterRevision: number | undefined;
  /** Epoch of that revision. */
  afterEpoch: string | undefined;
  projectId: string | undefined;
  write: (line: string) => void;
  signal: AbortSignal;
}

/** Writes a line of JSON per watch message, across daemon restarts, until the signal aborts; throws REVISION_COMPACTED. */
export async function watchAsJson(options: WatchLinesOptions): Promise<void> {
  await forEachUpdate(options, (update) => options.write(JSON.stringify(updateJson(update))));
}

/** Writes a line for people per change of status. */
export async function watchAsText(options: WatchLinesOptions): Promise<void> {
  const shown = new Map<string, string>();
  await forEachUpdate(options, (update) => {
    const line = updateText(update);
    if (!line) return;
    if (shown.get(line.id) !== line.text) options.write(`${isoTime(Date.now())} ${line.id} ${line.text}`);
    shown.set(line.id, line.text);
  });
}

type PlainUpdate = Exclude<ResumedWatchUpdate, { type: "reset" }>;

async function forEachUpdate(options: WatchLinesOptions, use: (update: PlainUpdate) => void): Promise<void> {
  const { client, projectId, signal } = options;
  let from: Pick<WatchOptions, "afterRevision" | "afterEpoch"> = {
    afterRevision: options.afterRevision,
    afterEpoch: options.afterEpoch,
  };
  try {
    for await (const update of watchSessions(client.sessions, { ...from, projectId }, signal)) {
      if (update.type !== "reset") {
        use(update);
        from = { afterRevision: update.revision, afterEpoch: update.epoch };
      } else if (update.reason !== "DAEMON_STOPPING" && update.reason !== "DAEMON_UNREACHABLE") {
        // A gap must not pass for a continuation: the daemon's own error says which revisions there are.
        for await (const missed of client.sessions.watch({ ...from, projectId }, signal)) {
          use(missed);
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A watch message for programs; `session` is null where the message is about none, and holds only the id of a removed one. */
export function updateJson(update: PlainUpdate) {
  switch (update.type) {
    case "snapshot":
    case "changed":
      return {
        revision: update.revision,
        epoch: update.epoch,
        type: update.type,
        session: sessionJson(update.session),
        commitTime: isoTime(update.commitTime),
      };
    case "removed":
      return {
        revision: update.revision,
        epoch: update.epoch,
        type: update.type,
        session: { id: update.sessionId },
        commitTime: isoTime(update.commitTime),
      };
    case "snapshot_end":
    case "progress":
      return {
        revision: update.revision,
        epoch: update.epoch,
        type: update.type,
        session: null,
        commitTime: null,
      };
  }
}

function updateText(update: PlainUpdate): { id: string; text: string } | undefined {
  switch (update.type) {
    case "snapshot":
    case "changed": {
      const { session } = update;
      const news = waitingText(session) || session.statusReason;
      return { id: session.id, text: `${statusCell(session.status).text}${news ? `: ${news}` : ""}` };
    }
    case "removed":
      return { id: update.sessionId, text: "removed" };
    case "snapshot_end":
    case "progress":
      return undefined;
  }
}
