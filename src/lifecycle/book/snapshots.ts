import type { Store } from "../../core/ports/store.ts";
import type { Session } from "../../core/session.ts";

/** All sessions as of one revision, read as slowly as the caller likes. */
export interface Snapshot extends Disposable {
  head: number;
  epoch: string;
  /** Newest first; once. */
  sessions(): AsyncGenerator<Session, void>;
}

/** Open snapshots of the sessions. */
export interface Snapshots {
  /** All sessions, or those of one project. */
  open(projectId: string | undefined): Promise<Snapshot>;
  /** Call with each session that a commit has replaced or removed, before anybody reads its successor. */
  replaced(former: Session): void;
}

/** Sessions read at once: some 4 ms. */
const PAGE = 100;

interface OpenSnapshot {
  /** Not told yet. */
  pending: Set<string>;
  /** Pending sessions that have changed since, as they were. */
  former: Map<string, Session>;
}

/**
 * Keeps of each snapshot the ids that were not told yet, and reads the sessions when they are asked for; only those that
 * change meanwhile are kept as they were. So a reader that stops in the middle costs what changes, not all sessions.
 */
export function createSnapshots(deps: {
  store: Pick<Store, "listSessionIds" | "getSessions">;
  /** Runs `read` between two commits. */
  consistent: <T>(read: (at: { head: number; epoch: string }) => Promise<T>) => Promise<T>;
}): Snapshots {
  const { store, consistent } = deps;
  const open = new Set<OpenSnapshot>();

  async function* tell({ pending, former }: OpenSnapshot): AsyncGenerator<Session, void> {
    while (pending.size > 0) {
      const ids = firstOf(pending, PAGE);
      const found = await consistent(() => store.getSessions(ids));
      const read = new Map(found.map((session) => [session.id, session]));
      for (const id of ids) {
        const session = former.get(id) ?? read.get(id);
        former.delete(id);
        pending.delete(id);
        if (session) yield session;
      }
    }
  }

  return {
    open: (projectId) =>
      consistent(async (at) => {
        const pending = new Set(await store.listSessionIds(projectId));
        const snapshot: OpenSnapshot = { pending, former: new Map() };
        open.add(snapshot);
        return {
          ...at,
          sessions: () => tell(snapshot),
          [Symbol.dispose]: () => void open.delete(snapshot),
        };
      }),
    replaced(former) {
      for (const snapshot of open) {
        if (snapshot.pending.has(former.id) && !snapshot.former.has(former.id))
          snapshot.former.set(former.id, former);
      }
    },
  };
}

function firstOf(ids: Iterable<string>, count: number): string[] {
  const first: string[] = [];
  for (const id of ids) {
    if (first.length === count) break;
    first.push(id);
  }
  return first;
}
