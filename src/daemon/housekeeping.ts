import type { BootReconciliation } from "../lifecycle/boot-report.ts";
import type { LifecycleDeps } from "../lifecycle/deps.ts";
import type { DialogWatch } from "../lifecycle/dialog-watch.ts";
import type { Reaper } from "../lifecycle/reaper.ts";
import type { ScreenWatch } from "../lifecycle/screen-watch.ts";
import type { Undertaker } from "../lifecycle/undertaker.ts";

/** What the daemon does by itself, and how often. */
export interface Housekeeping {
  start(): void;
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

/** Reads two small files per live session and nothing else, so that 100 of them cost under 1 % of a core. */
const SWEEP_MS = 1000;
const SCREENS_MS = 500;
/** The longest between two looks for open dialogs; every commit brings one. */
const DIALOGS_MS = 500;
/** While the fate of sessions of the daemon before is open. */
const BOOT_MS = 250;
const DONE = "done";
const COMPACT_MS = 60 * 60_000;
/** Changes of the daemon before that are looked through for ends. */
const LOOK_BACK = 500;
const DAY_MS = 24 * 60 * 60_000;
const KEEP = { days: 30, changes: 100_000, signals: 1_000_000 };

export function createHousekeeping(
  deps: LifecycleDeps,
  parts: {
    reaper: Reaper;
    screens: ScreenWatch;
    dialogs: DialogWatch;
    undertaker: Undertaker;
    boot: BootReconciliation;
  },
): Housekeeping {
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];

  /** Rounds until the daemon stops, or one returns "done". */
  const every = async (ms: number, name: string, round: () => Promise<unknown>) => {
    while (!stopping.signal.aborted) {
      try {
        if ((await round()) === DONE) return;
      } catch (error) {
        deps.log.error({ err: error, round: name }, "housekeeping failed; it goes on");
      }
      await pause(ms, stopping.signal);
    }
  };
  const compact = async () => {
    const before = deps.clock.now() - KEEP.days * DAY_MS;
    const limits = { before, keepChanges: KEEP.changes, keepSignals: KEEP.signals };
    const dropped = await deps.book.compact({ ...limits, signal: stopping.signal });
    if (dropped > 0) deps.log.info({ dropped }, "compacted");
  };
  return {
    start() {
      loops.push(
        every(SWEEP_MS, "sweep", parts.reaper.sweep),
        every(SCREENS_MS, "screens", parts.screens.round),
        every(0, "dialogs", async () => {
          parts.dialogs.round();
          await deps.book.committed.wait(DIALOGS_MS, stopping.signal);
        }),
        every(COMPACT_MS, "compaction", compact),
        every(BOOT_MS, "boot", async () => ((await parts.boot.round()) ? DONE : undefined)),
        buryEnded(deps, parts.undertaker, stopping.signal),
      );
    },
    async stop() {
      stopping.abort();
      parts.dialogs.stop();
      await Promise.all(loops);
    },
  };
}

/** Follows the change log: an ended launch's last screen is kept and its terminal ended. */
async function buryEnded(deps: LifecycleDeps, undertaker: Undertaker, signal: AbortSignal): Promise<void> {
  const { head: newest, oldest } = deps.book.revisions();
  // The daemon before may have been killed between an end and the burial.
  let head = Math.max(newest - LOOK_BACK, oldest - 1, 0);
  while (!signal.aborted) {
    try {
      const changes = await deps.book.changesAfter(head, 256);
      for (const change of changes) {
        if (change.revision > newest && change.session) await undertaker.bury(change.session);
        else await buryNow(deps, undertaker, change.sessionId);
        head = change.revision;
      }
      if (changes.length > 0) continue;
    } catch (error) {
      deps.log.error({ err: error }, "ended terminals could not be put away; trying again");
      await pause(1000, signal);
    }
    await deps.book.committed.wait(60_000, signal);
  }
}

/** As it is now: it may have been restored since. */
async function buryNow(deps: LifecycleDeps, undertaker: Undertaker, sessionId: string): Promise<void> {
  const session = await deps.book.get(sessionId);
  if (session) await undertaker.bury(session);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener("abort", done, { once: true });
  });
}
