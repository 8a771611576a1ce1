import type { Change, Commit, LoggedSignal } from "../../core/ports/store.ts";
import type { Launch, Session } from "../../core/session.ts";

/** What one transaction will write, readable while it grows. */
export interface Draft {
  get(sessionId: string): Promise<Session | undefined>;
  byLaunch(launchId: string): Promise<Session | undefined>;
  /** Newest revision of this draft. */
  head(): number;
  /** Stores the session under a new revision. */
  change(session: Session): Session;
  /** Stores bookkeeping that no client can see: no revision. */
  keep(session: Session): void;
  log(signal: LoggedSignal): void;
  launch(launch: Launch): void;
  remove(session: Session): void;
  /** Ids of signals this draft already logs for a launch. */
  hasSignal(launchId: string, signalId: string): boolean;
  mark(): number;
  rollback(mark: number): void;
  isEmpty(): boolean;
  toCommit(): Commit;
  result(): { sessions: Session[]; changes: Change[]; removed: Set<string> };
}

type Entry =
  | { kind: "session"; session: Session; change?: Change }
  | { kind: "signal"; logged: LoggedSignal }
  | { kind: "launch"; launch: Launch }
  | { kind: "removed"; change: Change };

export function createDraft(base: {
  head: number;
  epoch: string;
  now: number;
  get(sessionId: string): Promise<Session | undefined>;
  byLaunch(launchId: string): Promise<Session | undefined>;
}): Draft {
  const entries: Entry[] = [];
  let sessions = new Map<string, Session>();
  let removed = new Set<string>();
  let signals = new Set<string>();
  let changes = 0;

  const reindex = () => {
    sessions = new Map();
    removed = new Set();
    signals = new Set();
    changes = 0;
    for (const entry of entries) index(entry);
  };
  const index = (entry: Entry) => {
    switch (entry.kind) {
      case "session":
        sessions.set(entry.session.id, entry.session);
        if (entry.change) changes += 1;
        break;
      case "signal":
        signals.add(key(entry.logged.signal.launchId, entry.logged.signal.id));
        break;
      case "launch":
        break;
      case "removed":
        removed.add(entry.change.sessionId);
        changes += 1;
        break;
    }
  };
  const add = (entry: Entry) => {
    entries.push(entry);
    index(entry);
  };

  return {
    async get(sessionId) {
      if (removed.has(sessionId)) return undefined;
      return sessions.get(sessionId) ?? base.get(sessionId);
    },
    async byLaunch(launchId) {
      const session = await base.byLaunch(launchId);
      if (!session || removed.has(session.id)) return undefined;
      return sessions.get(session.id) ?? session;
    },
    head: () => base.head + changes,
    change(session) {
      const revision = base.head + changes + 1;
      const stored = { ...session, revision, updateTime: base.now };
      add({
        kind: "session",
        session: stored,
        change: changeOf(stored, { epoch: base.epoch, commitTime: base.now }),
      });
      return stored;
    },
    keep: (session) => add({ kind: "session", session }),
    log: (logged) => add({ kind: "signal", logged }),
    launch: (launch) => add({ kind: "launch", launch }),
    remove: (session) =>
      add({
        kind: "removed",
        change: {
          revision: base.head + changes + 1,
          epoch: base.epoch,
          type: "removed",
          sessionId: session.id,
          projectId: session.projectId,
          commitTime: base.now,
        },
      }),
    hasSignal: (launchId, signalId) => signals.has(key(launchId, signalId)),
    mark: () => entries.length,
    rollback(mark) {
      entries.length = mark;
      reindex();
    },
    isEmpty: () => entries.length === 0,
    toCommit: () => ({
      signals: entries.flatMap((entry) => (entry.kind === "signal" ? [entry.logged] : [])),
      sessions: [...sessions.values()].filter((session) => !removed.has(session.id)),
      changes: changesOf(entries),
      launches: entries.flatMap((entry) => (entry.kind === "launch" ? [entry.launch] : [])),
      removedSessionIds: [...removed],
    }),
    result: () => ({ sessions: [...sessions.values()], changes: changesOf(entries), removed }),
  };
}

function key(launchId: string, signalId: string): string {
  return `${launchId}\n${signalId}`;
}

function changeOf(session: Session, { epoch, commitTime }: Pick<Change, "epoch" | "commitTime">): Change {
  return {
    revision: session.revision,
    epoch,
    type: "changed",
    sessionId: session.id,
    projectId: session.projectId,
    commitTime,
    session: withoutLists(session),
  };
}

/** What no watcher sees stays out of the change log: it is about two thirds of a busy session's bytes. */
function withoutLists(session: Session): Session {
  const { memory } = session.facts;
  if (!memory) return session;
  const bare = { ...memory, openTools: [], endedTools: [], fences: [], runningAgents: [] };
  return { ...session, facts: { ...session.facts, memory: bare } };
}

function changesOf(entries: readonly Entry[]): Change[] {
  return entries.flatMap((entry) => ("change" in entry && entry.change ? [entry.change] : []));
}
