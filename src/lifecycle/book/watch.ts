import { AoError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Change } from "../../core/ports/store.ts";
import type { WatchMessage } from "../api.ts";
import type { MakeView } from "../views.ts";
import type { SessionBook } from "./session-book.ts";

export interface WatchOptions {
  afterRevision?: number;
  /** Epoch of that revision; what is not given is not compared. */
  afterEpoch?: string;
  projectId?: string;
}

/** How often a watch says that it lives, and up to which revision everything was told. */
const PROGRESS_MS = 15_000;
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
  const { afterRevision, afterEpoch = "", projectId } = options;
  const from =
    afterRevision === undefined
      ? yield* tellSnapshot(deps, projectId)
      : await resumePoint(deps.book, { revision: afterRevision, epoch: afterEpoch });
  yield* tellChanges(deps, { ...from, projectId }, signal);
}

/** Where a watcher stands. */
interface Point {
  revision: number;
  epoch: string;
}

/** Returns the point the snapshot belongs to. */
async function* tellSnapshot({ book, view }: WatchDeps, projectId: string | undefined) {
  using snapshot = await book.snapshot(projectId);
  const point: Point = { revision: snapshot.head, epoch: snapshot.epoch };
  for await (const session of snapshot.sessions())
    yield { type: "snapshot", ...point, view: view(session) } satisfies WatchMessage;
  yield { type: "snapshot_end", ...point } satisfies WatchMessage;
  return point;
}

async function* tellChanges(
  { book, clock, messageOf }: WatchDeps & { messageOf: MessageOf },
  from: Point & { projectId?: string },
  signal: AbortSignal,
): AsyncGenerator<WatchMessage, void> {
  let { revision, epoch } = from;
  let progressAt = clock.monotonic() + PROGRESS_MS;
  while (!signal.aborted) {
    const changes = await book.changesAfter(revision, PAGE);
    const oldest = changes[0]?.revision ?? revision + 1;
    if (oldest !== revision + 1) throw new AoError("REVISION_COMPACTED", { revision, oldest });
    for (const change of changes) {
      if (!from.projectId || from.projectId === change.projectId) yield messageOf(change);
      ({ revision, epoch } = change);
    }
    // Also where others' changes keep it busy: a filtered watch must not fall behind what is compacted.
    if (clock.monotonic() >= progressAt) {
      yield { type: "progress", revision, epoch };
      progressAt = clock.monotonic() + PROGRESS_MS;
    } else if (changes.length === 0) {
      await book.committed.waitBy({ ms: progressAt - clock.monotonic(), after: clock.after, signal });
    }
  }
}

function makeMessage(change: Change, view: MakeView): WatchMessage {
  const { revision, epoch, commitTime, sessionId } = change;
  if (!change.session) return { type: "removed", revision, epoch, sessionId, commitTime };
  return { type: "changed", revision, epoch, view: view(change.session, commitTime), commitTime };
}

/**
 * Returns the watcher's point with the epoch the log has for it; throws where the log does not go on from it.
 *
 * A database that was put back may have grown past the watcher's revision again, with other changes: those carry another
 * epoch. The newest change is never compacted, so a watcher that has kept up can always be compared.
 */
async function resumePoint(book: WatchDeps["book"], { revision, epoch }: Point): Promise<Point> {
  const { head, oldest } = book.revisions();
  if (revision > head) throw new AoError("REVISION_IN_FUTURE", { revision, head });
  if (head > 0 && revision < oldest - 1) throw new AoError("REVISION_COMPACTED", { revision, oldest });
  const logged = await epochAt(book, revision);
  if (epoch !== "" && epoch !== logged)
    throw new AoError("REVISION_COMPACTED", { revision, oldest, hint: REPLACED_HINT });
  return { revision, epoch: logged ?? "" };
}

const REPLACED_HINT =
  "The database was put back to an earlier state, or is another one. Watch again without a revision to get a snapshot.";

/** Undefined when the revision is not in the log: 0, or compacted. */
async function epochAt(book: WatchDeps["book"], revision: number): Promise<string | undefined> {
  const { head, epoch } = book.revisions();
  if (revision === head) return epoch;
  if (revision === 0) return undefined;
  const [change] = await book.changesAfter(revision - 1, 1);
  return change?.revision === revision ? change.epoch : undefined;
}
