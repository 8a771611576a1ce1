import { AoError } from "../core/errors.ts";
import type { Change, Store } from "../core/ports/store.ts";
import type { Session } from "../core/session.ts";
import type { WatchMessage } from "./api.ts";
import type { SessionBook } from "./session-book.ts";
import type { MakeView } from "./views.ts";

export interface WatchOptions {
  afterRevision?: number;
  projectId?: string;
}

/** How often a quiet watch says that it lives. */
export const PROGRESS_MS = 15_000;
const PAGE = 256;

/**
 * Streams changes from the change log: etcd's contract (design §4). Nothing is kept for a watcher but its revision, so a
 * slow reader costs no memory and loses nothing.
 */
export async function* watchSessions(
  deps: { book: SessionBook; store: Store; view: MakeView },
  options: WatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchMessage> {
  const { book, view } = deps;
  const wanted = (projectId: string) => !options.projectId || options.projectId === projectId;
  let revision = options.afterRevision;
  if (revision === undefined) {
    const snapshot = await book.consistent(async (head) => ({
      head,
      sessions: await allSessions(deps.store, options),
    }));
    for (const session of snapshot.sessions)
      yield { type: "snapshot", revision: snapshot.head, view: view(session) };
    yield { type: "snapshot_end", revision: snapshot.head };
    revision = snapshot.head;
  } else {
    checkRevision(book, revision);
  }
  let quietSince = performance.now();
  while (!signal.aborted) {
    const changes = await book.changesAfter(revision, PAGE);
    const first = changes[0];
    if (first && first.revision !== revision + 1) throw compacted(book, revision);
    for (const change of changes) {
      if (wanted(change.projectId)) yield messageOf(change, view);
      revision = change.revision;
    }
    if (changes.length > 0) {
      quietSince = performance.now();
      continue;
    }
    await book.committed.wait(Math.max(1, quietSince + PROGRESS_MS - performance.now()), signal);
    if (!signal.aborted && performance.now() - quietSince >= PROGRESS_MS) {
      yield { type: "progress", revision };
      quietSince = performance.now();
    }
  }
}

function messageOf(change: Change, view: MakeView): WatchMessage {
  const { revision, commitTime, sessionId } = change;
  if (!change.session) return { type: "removed", revision, sessionId, commitTime };
  return { type: "changed", revision, view: view(change.session, commitTime), commitTime };
}

function checkRevision(book: SessionBook, revision: number): void {
  const { head, oldest } = book.revisions();
  if (revision > head) throw new AoError("REVISION_IN_FUTURE", { revision, head });
  if (head > 0 && revision < oldest - 1) throw compacted(book, revision);
}

function compacted(book: SessionBook, revision: number): AoError {
  return new AoError("REVISION_COMPACTED", { revision, oldest: book.revisions().oldest });
}

async function allSessions(store: Store, options: WatchOptions): Promise<Session[]> {
  const sessions: Session[] = [];
  let after: string | undefined;
  do {
    const page = await store.listSessions({ limit: 500, after, projectId: options.projectId });
    sessions.push(...page.rows);
    after = page.next;
  } while (after);
  return sessions;
}
