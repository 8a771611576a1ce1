import type { LifecycleDeps } from "../lifecycle/deps.ts";
import type { Burials } from "../lifecycle/end/burials.ts";
import type { BootReconciliation } from "../lifecycle/looks/boot-report.ts";
import type { DialogWatch } from "../lifecycle/looks/dialog-watch.ts";
import type { Reaper } from "../lifecycle/looks/reaper.ts";
import type { ScreenWatch } from "../lifecycle/looks/screen-watch.ts";
import type { ScreenWitness } from "../lifecycle/looks/screen-witness.ts";
import type { TurnWatch } from "../lifecycle/looks/turn-watch.ts";
import { pause } from "../util/pause.ts";

/** What the daemon does by itself, and how often. */
export interface Housekeeping {
  start(): void;
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

/** Reads one small file per live session and nothing else, so that 100 of them cost under 1 % of a core. */
const SWEEP_MS = 1000;
/** Between two rounds over the terminals. */
export const SCREENS_MS = 500;
/** The longest between two looks for open dialogs; every commit brings one. */
export const DIALOGS_MS = 500;
/** While the fate of sessions of the daemon before is open. */
const BOOT_MS = 250;
const DONE = "done";
const COMPACT_MS = 60 * 60_000;
/** The longest between two looks for ended launches; every commit brings one. */
const BURIALS_MS = 60_000;
/** After a round that failed; what it failed of may last. */
const RETRY_MS = 1000;
const DAY_MS = 24 * 60 * 60_000;
const KEEP = { days: 30, changes: 100_000, signals: 1_000_000 };

export function createHousekeeping(
  deps: LifecycleDeps,
  parts: {
    reaper: Reaper;
    screens: ScreenWatch;
    turns: TurnWatch;
    witness: ScreenWitness;
    dialogs: DialogWatch;
    burials: Burials;
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
        if (ms > 0) await pause(ms, stopping.signal);
      } catch (error) {
        deps.log.error({ err: error, round: name }, "housekeeping failed; it goes on");
        await pause(Math.max(ms, RETRY_MS), stopping.signal);
      }
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
        every(SCREENS_MS, "turns", parts.turns.round),
        every(SCREENS_MS, "witness", parts.witness.round),
        every(0, "dialogs", async () => {
          parts.dialogs.round();
          await deps.book.committed.wait(DIALOGS_MS, stopping.signal);
        }),
        every(COMPACT_MS, "compaction", compact),
        every(BOOT_MS, "boot", async () => ((await parts.boot.round()) ? DONE : undefined)),
        every(0, "burials", async () => {
          // Begun first: a commit in the middle of the round wakes the next one.
          const commit = deps.book.committed.wait(BURIALS_MS, stopping.signal);
          await parts.burials.round(stopping.signal);
          await commit;
        }),
      );
    },
    async stop() {
      stopping.abort();
      parts.dialogs.stop();
      parts.witness.stop();
      parts.turns.stop();
      await Promise.all(loops);
    },
  };
}
