import type { ResumedWatchUpdate } from "../../../src/client/watch.ts";
import type { SessionInfo } from "../../../src/wire/session-info.ts";

/** What one watcher was told, folded, and judged as it came. */
export interface WatchLog {
  take(update: ResumedWatchUpdate): void;
  /** Sessions by id, as the watcher believes them to be. */
  folded: Map<string, SessionInfo>;
  /** Revision to resume after; undefined before the first snapshot is whole. */
  revision(): number | undefined;
  changes(): number;
  snapshots(): number;
  /** Descriptions of what should not have come, at most 20. */
  wrong: string[];
}

/** Without a filter revisions must be consecutive; with one they must grow. */
export function createWatchLog(name: string, { projectId }: { projectId?: string } = {}): WatchLog {
  const folded = new Map<string, SessionInfo>();
  const wrong: string[] = [];
  let revision: number | undefined;
  let inSnapshot: Set<string> | undefined;
  let changes = 0;
  let snapshots = 0;
  const note = (problem: string) => void (wrong.length < 20 && wrong.push(`${name}: ${problem}`));
  const advance = (to: number) => {
    changes += 1;
    if (revision === undefined || inSnapshot) note(`change ${to} without or within a snapshot`);
    else if (projectId ? to <= revision : to !== revision + 1) note(`${to} after ${revision}`);
    revision = to;
  };
  const put = (session: SessionInfo) => {
    if (projectId && session.projectId !== projectId) note(`${session.id} is of another project`);
    folded.set(session.id, session);
  };
  return {
    folded,
    wrong,
    revision: () => revision,
    changes: () => changes,
    snapshots: () => snapshots,
    take(update) {
      switch (update.type) {
        case "reset":
          if (revision !== undefined) note(`reset after ${revision}: ${update.reason}`);
          folded.clear();
          inSnapshot = undefined;
          break;
        case "snapshot":
          inSnapshot ??= new Set();
          if (inSnapshot.has(update.session.id)) note(`${update.session.id} twice in a snapshot`);
          inSnapshot.add(update.session.id);
          put(update.session);
          break;
        case "snapshot_end":
          if (revision !== undefined) note(`a snapshot after ${revision}`);
          inSnapshot = undefined;
          snapshots += 1;
          revision = update.revision;
          break;
        case "changed":
          advance(update.revision);
          put(update.session);
          break;
        case "removed":
          advance(update.revision);
          folded.delete(update.sessionId);
          break;
        case "progress":
          if (projectId) revision = Math.max(revision ?? 0, update.revision);
          else if (update.revision !== revision) note(`progress says ${update.revision} after ${revision}`);
          break;
      }
    },
  };
}
