import { watchSessions } from "../client/watch.ts";
import type { AoClient, SessionInfo } from "./client-types.ts";

/** All sessions as a watch tells them; kept up to date while `run` runs. */
export interface SessionBoard {
  sessions(): readonly SessionInfo[];
  /** False until the first snapshot is complete and while the daemon is away. */
  isCurrent(): boolean;
  /** Follows the watch until the signal aborts; calls `onChange` after each message that changed something. */
  run(onChange: () => void, signal: AbortSignal): Promise<void>;
}

/** Makes a board over the sessions of one project, or of all. */
export function createSessionBoard(client: AoClient, projectId?: string): SessionBoard {
  const sessions = new Map<string, SessionInfo>();
  let current = false;
  return {
    sessions: () => [...sessions.values()],
    isCurrent: () => current,
    async run(onChange, signal) {
      const onDisconnect = () => {
        current = false;
        onChange();
      };
      try {
        for await (const update of watchSessions(client.sessions, { projectId, onDisconnect }, signal)) {
          if (update.type === "reset") sessions.clear();
          else if (update.type === "removed") sessions.delete(update.sessionId);
          else if (update.type === "snapshot" || update.type === "changed")
            sessions.set(update.session.id, update.session);
          current = update.type !== "reset" && update.type !== "snapshot";
          if (update.type !== "progress") onChange();
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
