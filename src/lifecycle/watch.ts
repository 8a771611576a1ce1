import { AoError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Change } from "../core/ports/store.ts";
import type { WatchMessage } from "./api.ts";
import type { SessionBook } from "./session-book.ts";
import type { MakeView } from "./views.ts";

export interface WatchOptions {
  afterRevision?: number;
  projectId?: string;
}

/** How often a watch says that it lives, and up to which revision everything was told. */
export const PROGRESS_MS = 15_000;
const PAGE = 256;

interface WatchDeps {
  book: Pick<SessionBook, "revisions" | "snapshot" | "changesAfter" | "committed">;
  clock: Pick<Clock, "monotonic" | "after">;
  view: MakeView;
}

type Watch = (options: WatchOptions, signal: AbortSignal) => AsyncGenerator<WatchMessage>;
type MessageOf = (change: Change) => WatchMessage;

/**
 * Makes watches, which stream changes from the change log: etcd's contract (design §4). Nothing is kept for a watcher
 * but its revision (in a snapshot also the ids it has not told yet), so a slow reader costs no memory and loses nothing.
 */
export function createWatch(deps: WatchDeps): Watch {
  const messages = new WeakMap<Change, WatchMessage>();
  // All watchers of a change get the same object, so that it is made, and encoded, once.
  const messageOf: MessageOf = (change) => {
    const message = messages.get(change) ?? makeMessage(change, deps.view);
    messages.set(change, message);
    return message;
  };
  return (options, signal) => watchSessions({ ...deps, messageOf }, options, signal);
}

async function* watchSessions(
  deps: WatchDeps & { messageOf: MessageOf },
  options: WatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchMessage> {
  const { afterRevision, projectId } = options;
  if (afterRevision !== undefined) checkRevision(deps.book, afterRevision);
  const revision = afterRevision ?? (yield* tellSnapshot(deps, projectId));
  yield* tellChanges(deps, { revision, projectId }, signal);
}

/** Returns the revision the snapshot belongs to. */
async function* tellSnapshot({ book, view }: WatchDeps, projectId: string | undefined) {
  using snapshot = await book.snapshot(projectId);
  const revision = snapshot.head;
  for await (const session of snapshot.sessions())
    yield { type: "snapshot", revision, view: view(session) } satisfies WatchMessage;
  yield { type: "snapshot_end", revision } satisfies WatchMessage;
  return revision;
}

async function* tellChanges(
  { book, clock, messageOf }: WatchDeps & { messageOf: MessageOf },
  from: { revision: number; projectId?: string },
  signal: AbortSignal,
): AsyncGenerator<WatchMessage, void> {
  let { revision } = from;
  let progressAt = clock.monotonic() + PROGRESS_MS;
  while (!signal.aborted) {
    const changes = await book.changesAfter(revision, PAGE);
    const oldest = changes[0]?.revision ?? revision + 1;
    if (oldest !== revision + 1) throw new AoError("REVISION_COMPACTED", { revision, oldest });
    for (const change of changes) {
      if (!from.projectId || from.projectId === change.projectId) yield messageOf(change);
      revision = change.revision;
    }
    // Also where others' changes keep it busy: a filtered watch must not fall behind what is compacted.
    if (clock.monotonic() >= progressAt) {
      yield { type: "progress", revision };
      progressAt = clock.monotonic() + PROGRESS_MS;
    } else if (changes.length === 0) {
      await book.committed.waitBy({ ms: progressAt - clock.monotonic(), after: clock.after, signal });
    }
  }
}

function makeMessage(change: Change, view: MakeView): WatchMessage {
  const { revision, commitTime, sessionId } = change;
  if (!change.session) return { type: "removed", revision, sessionId, commitTime };
  return { type: "changed", revision, view: view(change.session, commitTime), commitTime };
}

function checkRevision(book: WatchDeps["book"], revision: number): void {
  const { head, oldest } = book.revisions();
  if (revision > head) throw new AoError("REVISION_IN_FUTURE", { revision, head });
  if (head > 0 && revision < oldest - 1) throw new AoError("REVISION_COMPACTED", { revision, oldest });
}
