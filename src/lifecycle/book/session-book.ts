import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { newEpoch } from "../../core/ids.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Harnesses } from "../../core/ports/harnesses.ts";
import type { Change, Store } from "../../core/ports/store.ts";
import type { Launch, Session } from "../../core/session.ts";
import type { Signal } from "../../core/signal.ts";
import { type FailPoint, noFailPoint } from "../../util/fail-point.ts";
import { createHint, type Hint } from "../../util/hint.ts";
import type { Log } from "../../util/log.ts";
import type { SignalResult } from "../api.ts";
import { statusOf } from "../views.ts";
import { createChangeRing } from "./change-ring.ts";
import { createDraft, type Draft } from "./draft.ts";
import { foldSignals } from "./fold-signals.ts";
import { launchRequested } from "./launch-requested.ts";
import { createSnapshots, type Snapshot } from "./snapshots.ts";
import { createStatusTimers } from "./status-timers.ts";

/**
 * The one writer of sessions.
 *
 * Writes queue up and are committed together, a batch per transaction: the signal log, the sessions it changed and the
 * changes watchers see become durable at once or not at all. What is in memory changes only after the commit.
 */
export interface SessionBook {
  /** Newest revision with its epoch, and the oldest that can be watched. */
  revisions(): { head: number; epoch: string; oldest: number };
  get(sessionId: string): Promise<Session | undefined>;
  byLaunch(launchId: string): Promise<Session | undefined>;
  /** Sessions whose process is starting, running or lost. */
  live(): Session[];
  /** Logs and folds signals in order; resolves when they are on disk. */
  report(signals: readonly Signal[]): Promise<SignalResult[]>;
  insert(session: Session, launch: Launch): Promise<Session>;
  /** Replaces the session by what `change` makes of it; `launch` is written with it. */
  edit(sessionId: string, change: (session: Session) => Session, launch?: Launch): Promise<Session>;
  remove(session: Session): Promise<void>;
  /** All sessions as of now, or those of one project; dispose of it. */
  snapshot(projectId: string | undefined): Promise<Snapshot>;
  /** Changes after `revision`, oldest first, at most `limit`. */
  changesAfter(revision: number, limit: number): Promise<readonly Change[]>;
  /** Wakes when something was committed. */
  committed: Hint;
  /** Drops old signals and changes, commits coming between; see `Store.compact`. */
  compact(limits: Parameters<Store["compact"]>[0]): Promise<number>;
  /** Resolves when everything queued is on disk; nothing is taken afterwards. */
  close(): Promise<void>;
}

interface Operation {
  stage(draft: Draft): Promise<void>;
  weight: number;
  settle(error: unknown): void;
}

/** Signals folded per transaction at most: bounds the pause a reader sees. */
const BATCH_WEIGHT = 2048;
/** Of messages of 256 signals one turn of the event loop gathers nothing, two spare about one commit in five (measured). */
const GATHER_TURNS = 2;
/**
 * So many signals at once are a backlog, of which more is on its way: HTTP/2 lets a sender go on only after 64 KB were
 * read, which a turn is too short for. Of a full stream most commits were of 256, and each writes every busy
 * session again: waiting takes 1 ms and spares two fifths of the time for a signal (measured).
 */
const BACKLOG_WEIGHT = 256;
const BACKLOG_WAIT_MS = 1;
const CACHE_LIMIT = 2000;

export async function createSessionBook(deps: {
  store: Store;
  clock: Clock;
  harnesses: Harnesses;
  log: Log;
  /** None unless told. */
  failPoint?: FailPoint;
}): Promise<SessionBook> {
  const { store, clock, harnesses, log, failPoint = noFailPoint } = deps;
  const cache = new Map<string, Session>();
  const launches = new Map<string, string>();
  const ring = createChangeRing(store);
  const committed = createHint();
  const queue: Operation[] = [];
  const ownEpoch = newEpoch();
  let { head, epoch, oldest } = await store.revisions();
  let draining = false;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  /** The last commit failed: said once, not with every attempt. */
  let failing = false;

  const remember = (session: Session) => {
    const former = cache.get(session.id);
    // The store still finds the session by an earlier launch.
    if (former && former.facts.launchId !== session.facts.launchId) launches.delete(former.facts.launchId);
    cache.delete(session.id);
    cache.set(session.id, session);
    launches.set(session.facts.launchId, session.id);
  };
  const forget = (sessionId: string) => {
    const known = cache.get(sessionId);
    if (known) launches.delete(known.facts.launchId);
    cache.delete(sessionId);
    timers.disarm(sessionId);
  };
  const trim = () => {
    for (const session of cache.values()) {
      if (cache.size <= CACHE_LIMIT) return;
      if (!isLive(session)) forget(session.id);
    }
  };
  const get = async (sessionId: string) => {
    const known = cache.get(sessionId);
    if (known) return known;
    const stored = await store.getSession(sessionId);
    if (stored && !cache.has(sessionId)) remember(stored);
    return cache.get(sessionId) ?? stored;
  };
  const byLaunch = async (launchId: string) => {
    const known = launches.get(launchId);
    if (known) return get(known);
    const found = await store.findSessionByLaunch(launchId);
    return found && get(found.id);
  };

  const enqueue = <T>(weight: number, stage: (draft: Draft) => Promise<T>): Promise<T> => {
    if (closed) return Promise.reject(new Error("the session book is closed"));
    return new Promise<T>((resolve, reject) => {
      let value: T;
      queue.push({
        weight,
        stage: async (draft) => {
          value = await stage(draft);
        },
        settle: (error) => (error ? reject(error) : resolve(value)),
      });
      if (!draining) running = drain();
    });
  };

  async function drain(): Promise<void> {
    draining = true;
    while (queue.length > 0) {
      await gather();
      await commitBatch(takeBatch(queue));
    }
    // In the same step as the look at the queue: what arrives next starts the next round.
    draining = false;
  }

  /** Lets what has already reached the socket be read, so that it is committed together. */
  async function gather(): Promise<void> {
    for (let quiet = 0; quiet < GATHER_TURNS && weightOf(queue) < BATCH_WEIGHT; ) {
      const known = queue.length;
      if (weightOf(queue) < BACKLOG_WEIGHT) await nextTurn();
      else await sleep(BACKLOG_WAIT_MS);
      quiet = queue.length > known ? 0 : quiet + 1;
    }
  }

  async function commitBatch(batch: Operation[]): Promise<void> {
    const draft = createDraft({ head, epoch: ownEpoch, now: clock.now(), get, byLaunch });
    const staged: Operation[] = [];
    for (const operation of batch) {
      const mark = draft.mark();
      try {
        await operation.stage(draft);
        staged.push(operation);
      } catch (error) {
        draft.rollback(mark);
        operation.settle(error);
      }
    }
    try {
      if (!draft.isEmpty()) {
        failPoint("daemon:before-commit");
        await store.commit(draft.toCommit());
        failPoint("daemon:after-commit");
        if (failing) log.info({}, "commits work again");
        failing = false;
      }
    } catch (error) {
      if (!failing)
        log.error({ err: error }, "nothing can be committed; what agents report waits in the spool");
      failing = true;
      for (const operation of staged) operation.settle(error);
      await refuse(error);
      return;
    }
    publish(draft);
    for (const operation of staged) operation.settle(undefined);
  }

  /**
   * Ends what queues behind a failed commit too: were that committed, a signal would stand before an older one that is
   * sent again. A stream that hears of it may have the next message in hand already, so this goes on for one turn.
   */
  async function refuse(error: unknown): Promise<void> {
    for (const operation of queue.splice(0)) operation.settle(error);
    await nextTurn();
    for (const operation of queue.splice(0)) operation.settle(error);
  }

  function publish(draft: Draft): void {
    const { sessions, changes, removed } = draft.result();
    for (const sessionId of [...sessions.map(({ id }) => id), ...removed]) {
      const former = cache.get(sessionId);
      if (former) snapshots.replaced(former);
    }
    for (const session of sessions) remember(session);
    for (const sessionId of removed) forget(sessionId);
    const told = new Map(changes.map(({ sessionId, commitTime }) => [sessionId, commitTime]));
    for (const session of sessions) if (!removed.has(session.id)) timers.arm(session, told.get(session.id));
    head += changes.length;
    if (changes.length > 0) epoch = ownEpoch;
    oldest ||= changes[0]?.revision ?? 0;
    ring.push(changes);
    if (!draft.isEmpty()) committed.wake();
    trim();
  }

  // The revision of what is committed: the draft may hold changes that are not in the store yet.
  const consistent = <T>(read: (at: { head: number; epoch: string }) => Promise<T>) =>
    enqueue(1, () => read({ head, epoch }));
  const snapshots = createSnapshots({ store, consistent });
  const timers = createStatusTimers({
    clock,
    harnesses,
    statusOf: (session, at) => statusOf(session, harnesses, at).status,
    get: (sessionId) => cache.get(sessionId),
    // Time alone changed what a person sees: watchers get a revision for it, the facts stay.
    onChange: (sessionId) => {
      enqueue(1, async (draft) => {
        const session = await draft.get(sessionId);
        if (session) draft.change(session);
      }).catch((error: unknown) =>
        log.error({ err: error, sessionId }, "status change could not be committed"),
      );
    },
  });

  let after: string | undefined;
  do {
    const page = await store.listSessions({ limit: 500, after, live: true });
    for (const session of page.rows) {
      remember(session);
      timers.arm(session, session.updateTime);
    }
    after = page.next;
  } while (after);

  return {
    revisions: () => ({ head, epoch, oldest }),
    get,
    byLaunch,
    live: () => [...cache.values()].filter(isLive),
    report: (signals) =>
      enqueue(signals.length, (draft) => foldSignals({ signals, draft, store, harnesses, now: clock.now() })),
    insert: (session, launch) =>
      enqueue(1, async (draft) => {
        draft.launch(launch);
        const inserted = draft.change(session);
        draft.log(launchRequested(inserted, launch, { harnesses, now: clock.now() }));
        return inserted;
      }),
    edit: (sessionId, change, launch) =>
      enqueue(1, async (draft) => {
        const session = await draft.get(sessionId);
        if (!session) throw new Error(`session ${sessionId} vanished while it was edited`);
        const changed = draft.change(change(session));
        if (launch) {
          draft.launch(launch);
          draft.log(launchRequested(changed, launch, { harnesses, now: clock.now() }));
        }
        return changed;
      }),
    remove: (session) =>
      // As it is now, so that it is in the cache for snapshots that are still to tell it.
      enqueue(1, async (draft) => draft.remove((await draft.get(session.id)) ?? session)),
    snapshot: snapshots.open,
    changesAfter: ring.after,
    committed,
    async compact(limits) {
      const dropped = await store.compact(limits);
      ({ oldest } = await store.revisions());
      return dropped;
    },
    async close() {
      closed = true;
      timers.stop();
      await running;
    },
  };
}

/** True of a session whose process is starting, running or lost. */
export function isLive(session: Session): boolean {
  const { state } = session.facts.process;
  return state === "starting" || state === "running" || state === "lost";
}

function weightOf(operations: readonly Operation[]): number {
  return operations.reduce((sum, { weight }) => sum + weight, 0);
}

function takeBatch(queue: Operation[]): Operation[] {
  let weight = 0;
  let count = 0;
  while (
    count < queue.length &&
    (count === 0 || weight + (queue[count] as Operation).weight <= BATCH_WEIGHT)
  ) {
    weight += (queue[count] as Operation).weight;
    count += 1;
  }
  return queue.splice(0, count);
}
